import type { Signature } from '../signature.ts';
import { diskPressureLoop } from './disk-pressure-loop.ts';
import { dyingMemcg } from './dying-memcg.ts';
import { exporter } from './exporter.ts';
import { heartbeat } from './heartbeat.ts';
import { imageGcStall } from './image-gc-stall.ts';
import { logStorm } from './log-storm.ts';
import { mountUnitLeak } from './mount-unit-leak.ts';
import { pullQueue } from './pull-queue.ts';
import { reclaimThrash } from './reclaim-thrash.ts';
import { statusThrottle } from './status-throttle.ts';
import { vanishingImages } from './vanishing-images.ts';
import { zombiePileup } from './zombie-pileup.ts';

const all = [
  imageGcStall,
  diskPressureLoop,
  zombiePileup,
  dyingMemcg,
  mountUnitLeak,
  pullQueue,
  reclaimThrash,
  statusThrottle,
  vanishingImages,
  logStorm,
  heartbeat,
  exporter,
] as const;

type AnySignature = (typeof all)[number];

/** The id of a signature, such as `log-storm`. */
export type SignatureId = AnySignature['id'];

/** The name of an alert of any signature. */
export type AlertName = AnySignature extends Signature<string, string, infer Name> ? Name : never;

/** The name of a threshold of the signature with that id. */
export type ThresholdName<Id extends SignatureId> =
  Extract<AnySignature, { readonly id: Id }> extends Signature<string, infer Name> ? Name : never;

/** `signature-id.threshold_name`, as in index.md. */
export type ThresholdKey = { [Id in SignatureId]: `${Id}.${ThresholdName<Id>}` }[SignatureId];

/** All signatures: causes in the order of the stories, what they have in common, and ourselves. */
export const signatures: readonly Signature<SignatureId>[] = all;
