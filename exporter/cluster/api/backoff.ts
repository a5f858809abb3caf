import { ApiError } from './api-error.ts';

const FIRST = 0.5;
const LONGEST = 30;

/** A server that asks for more than this is asked again all the same. */
const LONGEST_RETRY_AFTER = 120;

/**
 * Seconds to wait after so many failures in a row, the first being 1: anything up to a bound that doubles, so that many
 * clients do not come back together ("full jitter"), and what the server asked for besides.
 */
export function delayAfter(error: unknown, failures: number, random: () => number): number {
  const asked = error instanceof ApiError ? (error.retryAfter ?? 0) : 0;
  return Math.min(asked, LONGEST_RETRY_AFTER) + random() * Math.min(LONGEST, FIRST * 2 ** (failures - 1));
}
