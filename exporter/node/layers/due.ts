import type { Activity } from './activity.ts';

/** What is remembered of the last walk of a layer. */
export interface LastWalk {
  /** Unix time in seconds. */
  readonly at: number;
  /** How long it took, in seconds. */
  readonly seconds: number;
  /** As it was before the walk began. */
  readonly activity: Activity;
}

/** The urgency of a layer that may have changed. */
export const UNPROVEN = 1;

/** Bytes that make a layer worth a walk at the next run. */
const WORTH_A_WALK = 1024 ** 2;

/**
 * Seconds after which a layer whose container ran, but is not known to have written much, is walked again: it may have
 * deleted, and what `docker exec` wrote is accounted to the runtime's shim.
 */
const ACTIVE_AGE = 90;

/** Seconds after which every layer is walked again: `docker cp` writes into containers that do not run. */
const ANY_AGE = 6 * 3600;

/** A walk is followed by a rest of so many times its length. */
const REST = 10;

/**
 * How urgent a walk of a layer is: 0 when it is not due, else the bytes known to have been written since the last one,
 * `UNPROVEN` when none are, Infinity when there was no walk yet.
 */
export function urgency(last: LastWalk | undefined, activity: Activity, now: number): number {
  if (!last) return Number.POSITIVE_INFINITY;
  const age = now - last.at;
  if (age < last.seconds * REST) return 0;
  if (activity.cpu === last.activity.cpu) return age >= ANY_AGE ? UNPROVEN : 0;
  const written = writtenSince(last.activity, activity);
  if (written === undefined || written >= WORTH_A_WALK) return written ?? UNPROVEN;
  return age >= ACTIVE_AGE ? UNPROVEN : 0;
}

/** Undefined when it cannot be told: a process that had written may have ended without a parent to inherit it. */
function writtenSince(before: Activity, now: Activity): number | undefined {
  if (before.written === undefined || now.written === undefined || now.written < before.written) return undefined;
  return now.written - before.written;
}
