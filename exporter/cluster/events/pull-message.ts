import { parseGoDuration } from '../../formats/go-duration.ts';

/** Durations of a pull, in seconds. */
export interface PullDurations {
  /** In the queue of the kubelet, behind other images. */
  readonly wait: number;
  readonly transfer: number;
}

/** A day. Longer ones are counted as this: a total of histograms cannot be corrected later. */
const MAX_SECONDS = 86_400;

const PULLED_MESSAGE = /Successfully pulled image "[^"]*" in ([^\s()]+) \(([^\s()]+) including waiting\)/;

/**
 * The durations in a Pulled event since Kubernetes 1.26: `Successfully pulled image "x" in 197.86473ms (37.379481952s
 * including waiting)`. Undefined for others: from 1.20 to 1.25 `in 5.12s` is both together, older ones have no
 * duration, and an image `already present on machine` was not pulled (pkg/kubelet/images/image_manager.go).
 */
export function parsePullDurations(message: string): PullDurations | undefined {
  const [, pulling, total] = PULLED_MESSAGE.exec(message) ?? [];
  const transfer = seconds(pulling);
  const all = seconds(total);
  if (transfer === undefined || all === undefined) return undefined;
  return { transfer, wait: Math.max(0, all - transfer) };
}

function seconds(text = ''): number | undefined {
  try {
    const value = parseGoDuration(text);
    return value < 0 ? undefined : Math.min(value, MAX_SECONDS);
  } catch {
    return undefined;
  }
}

/** The image in a message about a pull. */
export function imageIn(message: string): string | undefined {
  return /\bimage "([^"]*)"/.exec(message)?.[1];
}
