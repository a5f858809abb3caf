import type { Activity } from './activity.ts';

/** What is remembered of the last walk of a layer. */
export interface LastWalk {
  /** When it began, in seconds by the monotonic clock. */
  readonly at: number;
  /** How long it took, in seconds. */
  readonly seconds: number;
  /** As it was before the walk began. */
  readonly activity: Activity;
}

/** The priority of a layer that may have changed. */
export const MAYBE_CHANGED = 1;

/** Bytes written that make a layer worth a walk at the next run. */
const WORTHWHILE_BYTES = 1024 ** 2;

/**
 * Seconds after which a layer whose container ran, but is not known to have written much, is walked again: it may have
 * deleted, and what `docker exec` wrote is accounted to the runtime's shim.
 */
const MAX_ACTIVE_AGE_SECONDS = 90;

/** Seconds after which every layer is walked again: `docker cp` writes into containers that do not run. */
const MAX_AGE_SECONDS = 6 * 3600;

/** A walk is followed by a rest of so many times its length. */
const REST_FACTOR = 10;

/**
 * How soon a layer is to be walked, the highest first: 0 when it is not due, else the bytes known to have been written since the last one,
 * `MAYBE_CHANGED` when none are, Infinity when there was no walk yet.
 */
export function walkPriority(last: LastWalk | undefined, activity: Activity, now: number): number {
  if (!last) return Number.POSITIVE_INFINITY;
  const age = now - last.at;
  if (age < last.seconds * REST_FACTOR) return 0;
  if (activity.cpu === last.activity.cpu) return age >= MAX_AGE_SECONDS ? MAYBE_CHANGED : 0;
  const written = writtenSince(last.activity, activity);
  if (written === undefined || written >= WORTHWHILE_BYTES) return written ?? MAYBE_CHANGED;
  return age >= MAX_ACTIVE_AGE_SECONDS ? MAYBE_CHANGED : 0;
}

/** Undefined when it cannot be told: a process that had written may have ended without a parent to inherit it. */
function writtenSince(before: Activity, now: Activity): number | undefined {
  if (before.written === undefined || now.written === undefined || now.written < before.written) return undefined;
  return now.written - before.written;
}
