import type { Course } from './series.ts';

/** From when to when, in seconds, a target does not answer; what it counts then begins anew. */
export interface Outage {
  readonly from: number;
  readonly to: number;
}

/** The series of a target that is down at times: they are gone then, its counters restart, and its `up` is 0. */
export function withOutages(all: Iterable<readonly [string, Course]>, outages: readonly Outage[]): [string, Course][] {
  const down = (second: number) => outages.some(({ from, to }) => from <= second && second < to);
  return [...all].map(([key, course]) => {
    if (/^up\{/.test(key)) return [key, (second, start) => (down(second) ? 0 : course(second, start))];
    const counted = /_(total|bucket|sum|count)\{/.test(key) ? restarting(course, outages) : course;
    return [key, (second, start) => (down(second) ? undefined : counted(second, start))];
  });
}

/** A counter that is 0 at the end of each outage. */
function restarting(course: Course, outages: readonly Outage[]): Course {
  let last = { at: 0, base: 0 };
  return (second, start) => {
    const at = Math.max(0, ...outages.map(({ to }) => to).filter((to) => to <= second));
    if (at !== last.at) last = { at, base: at === 0 ? 0 : (course(at, start) ?? 0) };
    const value = course(second, start);
    return value === undefined ? undefined : value - last.base;
  };
}
