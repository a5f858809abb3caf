/** Labels of a series, without the name of its metric. */
export type Labels = Readonly<Record<string, string>>;

/** A value at a moment, in seconds since `start` (of Unix time); undefined when the target does not say. */
export type Course = (second: number, start: number) => number | undefined;

/** The courses of series by their names and labels, as Prometheus writes them: later ones take the place of earlier ones. */
export type SeriesMap = ReadonlyMap<string, Course>;

/** `name{label="value",…}`. */
export function seriesKey(name: string, labels: Labels): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return `${name}{${pairs.sort().join(',')}}`;
}

/** Series of one name. */
export function series(name: string, labels: Labels, course: Course | number): [string, Course] {
  return [seriesKey(name, labels), typeof course === 'number' ? () => course : course];
}

/** A counter that grows by `rate` each second, from 0; the sum of whole seconds. */
export function counting(rate: (second: number) => number): Course {
  // Read from its start to its end, each sum begins with the last one.
  let last = { second: 0, sum: 0 };
  return (second) => {
    let { second: at, sum } = last.second <= second ? last : { second: 0, sum: 0 };
    for (; at < Math.floor(second); at += 1) sum += rate(at);
    last = { second: at, sum };
    return sum;
  };
}

/** What a histogram observes, at which second. */
export interface Observation {
  readonly at: number;
  readonly value: number;
}

/** The series of a histogram: buckets with `le`, sum and count. */
export function histogram(
  name: string,
  labels: Labels,
  bounds: readonly number[],
  observations: readonly Observation[],
): [string, Course][] {
  const inOrder = observations.toSorted((one, other) => one.at - other.at);
  const adding = (value: (observed: number) => number): Course => {
    let last = { index: 0, sum: 0, second: 0 };
    return (second) => {
      let { index, sum } = last.second <= second ? last : { index: 0, sum: 0 };
      for (; (inOrder[index]?.at ?? Infinity) <= second; index += 1) sum += value(inOrder[index]?.value ?? 0);
      last = { index, sum, second };
      return sum;
    };
  };
  return [
    ...[...bounds, Infinity].map((bound) =>
      series(
        `${name}_bucket`,
        { ...labels, le: bound === Infinity ? '+Inf' : String(bound) },
        adding((value) => (value <= bound ? 1 : 0)),
      ),
    ),
    series(
      `${name}_sum`,
      labels,
      adding((value) => value),
    ),
    series(
      `${name}_count`,
      labels,
      adding(() => 1),
    ),
  ];
}

/** The same value observed again and again. */
export function every(seconds: number, value: number | ((second: number) => number), lasting: number): Observation[] {
  return Array.from({ length: Math.ceil(lasting / seconds) }, (_, index) => {
    const at = index * seconds;
    return { at, value: typeof value === 'number' ? value : value(at) };
  });
}

/** `during` from one second to another, `otherwise` before and after. */
export function between(from: number, to: number, during: number, otherwise: number): (second: number) => number {
  return (second) => (second >= from && second < to ? during : otherwise);
}

/** Straight lines between points, `[second, value]`. */
export function through(...points: readonly (readonly [number, number])[]): (second: number) => number {
  return (second) => {
    const next = points.findIndex(([at]) => at > second);
    const [fromAt, from] = points[next === -1 ? points.length - 1 : Math.max(0, next - 1)] ?? [0, 0];
    const [toAt, to] = points[next === -1 ? points.length - 1 : next] ?? [0, 0];
    return toAt === fromAt || second <= fromAt ? from : from + ((to - from) * (second - fromAt)) / (toAt - fromAt);
  };
}
