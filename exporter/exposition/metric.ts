/** The metric types of the Prometheus text format that Foreshock uses. */
export type MetricType = 'gauge' | 'counter' | 'histogram';

/** A metric, declared once, in the file that collects it. */
export interface Metric<Label extends string = string> {
  readonly name: string;
  readonly type: MetricType;
  /** One sentence of at most 16 words that names the unit. */
  readonly help: string;
  readonly labels: readonly Label[];
  /** Upper bounds of a histogram's buckets, ascending, without +Inf. */
  readonly buckets?: readonly number[];
}

/** Observations of a histogram: how many fell into each bucket (the last one is +Inf), and their sum. */
export interface Distribution {
  readonly counts: readonly number[];
  readonly sum: number;
}

/** One value of one metric. Samples are rebuilt at each collection, so a container that is gone leaves no series. */
export interface Sample {
  readonly metric: Metric;
  readonly value: number | Distribution;
  readonly labels: Readonly<Record<string, string>>;
}

export function gauge<Label extends string = never>(
  name: string,
  help: string,
  labels: readonly Label[] = [],
): Metric<Label> {
  return { name, type: 'gauge', help, labels };
}

export function counter<Label extends string = never>(
  name: string,
  help: string,
  labels: readonly Label[] = [],
): Metric<Label> {
  return { name, type: 'counter', help, labels };
}

export function histogram<Label extends string = never>(
  name: string,
  help: string,
  buckets: readonly number[],
  labels: readonly Label[] = [],
): Metric<Label> {
  return { name, type: 'histogram', help, labels, buckets };
}

/** A sample of `metric`; a missing or unknown label does not compile. */
export function sample<Label extends string>(
  metric: Metric<Label>,
  value: number | Distribution,
  labels: Record<NoInfer<Label>, string>,
): Sample {
  return { metric, value, labels };
}

/** One sample if the value is known, else none. */
export function sampleIfKnown<Label extends string>(
  metric: Metric<Label>,
  value: number | undefined,
  labels: Record<NoInfer<Label>, string>,
): Sample[] {
  return value === undefined ? [] : [sample(metric, value, labels)];
}

/** A histogram that has observed nothing yet. */
export function noObservations(buckets: readonly number[]): Distribution {
  return { counts: new Array<number>(buckets.length + 1).fill(0), sum: 0 };
}

/** `distribution` with one more observation in it. */
export function observe(
  buckets: readonly number[],
  distribution: Distribution | undefined,
  value: number,
): Distribution {
  const { counts: before, sum } = distribution ?? noObservations(buckets);
  const counts = [...before];
  const fitting = buckets.findIndex((bound) => value <= bound);
  const bucket = fitting === -1 ? buckets.length : fitting;
  counts[bucket] = (counts[bucket] ?? 0) + 1;
  return { counts, sum: sum + value };
}
