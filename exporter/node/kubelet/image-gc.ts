import type { ImageGcThresholds } from './settings.ts';

/** A file system's size and what is left of it for others than root, in bytes. */
export interface Space {
  readonly size: number;
  readonly available: number;
}

/**
 * Bytes that the kubelet's image garbage collection wants to free, 0 below its threshold: the kubelet's own arithmetic in
 * whole numbers (pkg/kubelet/images/image_gc_manager.go, GarbageCollect; a threshold of 100 switches it off). Undefined
 * for a file system of no size, which the kubelet takes for an error.
 */
export function imageGcWanted(space: Space, { highPercent, lowPercent }: ImageGcThresholds): number | undefined {
  if (space.size === 0) return undefined;
  if (highPercent === 100) return 0;
  const size = BigInt(space.size);
  const available = BigInt(Math.min(space.available, space.size));
  const usedPercent = 100n - (available * 100n) / size;
  return usedPercent < highPercent ? 0 : Number((size * BigInt(100 - lowPercent)) / 100n - available);
}
