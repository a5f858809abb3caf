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

/** All signatures: causes in the order of the stories, what they have in common, and ourselves. */
export const signatures: readonly Signature[] = [
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
];
