import { dyingMemcg } from './dying-memcg.ts';
import { logStorm } from './log-storm.ts';
import { mountUnitLeak } from './mount-unit-leak.ts';
import { pullQueue } from './pull-queue.ts';
import { reclaimThrash } from './reclaim-thrash.ts';
import type { Replay } from './replay.ts';
import { statusThrottle } from './status-throttle.ts';
import { zombiePileup } from './zombie-pileup.ts';

/** All stories. */
export const replays: readonly Replay[] = [
  zombiePileup,
  dyingMemcg,
  mountUnitLeak,
  pullQueue,
  reclaimThrash,
  statusThrottle,
  logStorm,
];
