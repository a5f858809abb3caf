/** What an event says about image garbage collection that did not free enough. */
export interface ImageGcFailure {
  /** Bytes; undefined where the wording leaves them out. */
  readonly wanted: number | undefined;
  readonly freed: number | undefined;
  /** Whether the kubelet tells of it in an event FreeDiskSpaceFailed; then ImageGCFailed repeats it. */
  readonly insufficient: boolean;
}

/**
 * The wordings of pkg/kubelet/images/image_gc_manager.go: until 1.25 or so, from there to 1.34, and since 1.35; the last
 * one comes when images could not be deleted. A recorder puts its own words before events that it has combined.
 */
const WORDINGS = [
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

/** Undefined for a message without any of these wordings. */
export function parseImageGcFailure(message: string): ImageGcFailure | undefined {
  for (const { pattern, insufficient } of WORDINGS) {
    const match = pattern.exec(message);
    if (match) return { wanted: bytes(match.groups?.wanted), freed: bytes(match.groups?.freed), insufficient };
  }
  return undefined;
}

function bytes(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits);
}
