import { logStorm } from './log-storm.ts';
import type { Replay } from './replay.ts';

/** All stories. */
export const replays: readonly Replay[] = [logStorm];
