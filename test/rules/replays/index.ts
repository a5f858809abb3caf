import { diskPressureLoop } from './disk-pressure-loop.ts';
import { imageGcStall } from './image-gc-stall.ts';
import { logStorm } from './log-storm.ts';
import type { Replay } from './replay.ts';
import { vanishingImages } from './vanishing-images.ts';

/** All stories. */
export const replays: readonly Replay[] = [imageGcStall, diskPressureLoop, vanishingImages, logStorm];
