import { diskPressureLoop } from './disk-pressure-loop.ts';
import { dyingMemcg } from './dying-memcg.ts';
import { imageGcStall } from './image-gc-stall.ts';
import { logStorm } from './log-storm.ts';
import { mountUnitLeak } from './mount-unit-leak.ts';
import { pullQueue } from './pull-queue.ts';
import { reclaimThrash } from './reclaim-thrash.ts';
import type { Replay } from './replay.ts';
import { statusThrottle } from './status-throttle.ts';
import { vanishingImages } from './vanishing-images.ts';
import { zombiePileup } from './zombie-pileup.ts';

/** All stories. */
export const replays: readonly Replay[] = [
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
];
