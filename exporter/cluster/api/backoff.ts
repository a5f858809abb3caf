import { ApiError } from './api-error.ts';

/** The upper bound of the delay after the first failure; it doubles with each failure up to the maximum. */
const INITIAL_BACKOFF_SECONDS = 0.5;
const MAX_BACKOFF_SECONDS = 30;

/** The longest Retry-After of a server that is obeyed. */
const MAX_RETRY_AFTER_SECONDS = 120;

/**
 * Seconds to wait before the next attempt, after `failures` in a row (1 for the first one): what the server asked for,
 * and a random part of the backoff, so that many clients do not come back together ("full jitter").
 */
export function retryDelay(error: unknown, failures: number, random: () => number): number {
  const retryAfterSeconds = error instanceof ApiError ? (error.retryAfterSeconds ?? 0) : 0;
  const backoffSeconds = Math.min(MAX_BACKOFF_SECONDS, INITIAL_BACKOFF_SECONDS * 2 ** (failures - 1));
  return Math.min(retryAfterSeconds, MAX_RETRY_AFTER_SECONDS) + random() * backoffSeconds;
}
