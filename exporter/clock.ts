/**
 * Seconds by the monotonic clock (CLOCK_MONOTONIC), which nobody sets: for ages, intervals and deadlines. It is the
 * same in all threads and processes, unlike `performance.now()`, and begins anew when the host boots.
 */
export function monotonicTime(): number {
  return Number(process.hrtime.bigint()) / 1e9;
}

/** Unix time in seconds by the system's clock, which may be set at any moment: for timestamps that are exported. */
export function unixTime(): number {
  return Date.now() / 1000;
}
