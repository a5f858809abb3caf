/** An image garbage collection that did not free enough, as an event reports it. */
export interface ImageGcFailure {
  /** Bytes; undefined if the message does not have them, or has more than any disk. */
  readonly wanted: number | undefined;
  readonly freed: number | undefined;
  /** Whether the kubelet reports it in an event FreeDiskSpaceFailed, which ImageGCFailed then repeats. */
  readonly insufficient: boolean;
}

/**
 * The messages of pkg/kubelet/images/image_gc_manager.go: up to about 1.25, then up to 1.34, and since 1.35; the last
 * one is for images that could not be deleted. Events that were combined have a prefix before the message.
 */
const MESSAGES = [
  {
    pattern:
      /failed to garbage collect required amount of images\. Wanted to free (?<wanted>\d+)(?: bytes)?, but freed (?<freed>\d+)/i,
    insufficient: true,
  },
  {
    pattern:
      /failed to garbage collect required amount of images\. Attempted to free (?<wanted>\d+) bytes, but only found (?<freed>\d+) bytes/i,
    insufficient: true,
  },
  {
    pattern: /Failed to free sufficient space by deleting unused images(?: \(freed (?<freed>\d+) bytes\))?/,
    insufficient: true,
  },
  {
    pattern: /wanted to free (?<wanted>\d+) bytes, but freed (?<freed>\d+) bytes space with errors in image deletion/,
    insufficient: false,
  },
];

/** Undefined for any other message. */
export function parseImageGcFailure(message: string): ImageGcFailure | undefined {
  for (const { pattern, insufficient } of MESSAGES) {
    const match = pattern.exec(message);
    if (match) return { wanted: bytes(match.groups?.wanted), freed: bytes(match.groups?.freed), insufficient };
  }
  return undefined;
}

function bytes(digits: string | undefined): number | undefined {
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : undefined;
}
