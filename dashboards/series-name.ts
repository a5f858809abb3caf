import { duration } from '../rules/format.ts';

/** The window in the name of a recorded series: `5 min` for `…:rate5m`. Throws for a name without one. */
export function windowOf(record: string): string {
  const [, minutes] = /:\w+?(\d+)m$/.exec(record) ?? [];
  if (minutes === undefined) throw new Error(`${record} names no window`);
  return duration(60 * Number(minutes));
}

/** The percentile in the name of a recorded series: `p90` for `…:p90_increase10m`. Throws for a name without one. */
export function percentileOf(record: string): string {
  const [, percentile] = /:(p\d+)_\w+$/.exec(record) ?? [];
  if (percentile === undefined) throw new Error(`${record} names no percentile`);
  return percentile;
}
