import { logStorm } from './log-storm.ts';
import { pullQueue } from './pull-queue.ts';
import { reclaimThrash } from './reclaim-thrash.ts';
import type { Replay } from './replay.ts';
import { statusThrottle } from './status-throttle.ts';

/** All stories. */
export const replays: readonly Replay[] = [logStorm, pullQueue, reclaimThrash, statusThrottle];
