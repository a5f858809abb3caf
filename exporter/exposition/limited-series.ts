import { limitLabelValue } from './label-limits.ts';
import type { Distribution, Metric, Sample } from './metric.ts';

/** A series as it is printed. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number | Distribution;
}

/** The series of one metric, in the order in which they came, within the limits of their labels and number. */
export class LimitedSeries {
  readonly metric: Metric;
  readonly #maxSeries: number;
  readonly #series: Series[] = [];
  /** The labels of all series, once one of them was changed: then it may be the same as another. */
  #known: Set<string> | undefined;
  #truncatedValues = 0;
  #droppedSeries = 0;

  constructor(metric: Metric, maxSeries: number) {
    this.metric = metric;
    this.#maxSeries = maxSeries;
  }

  get values(): readonly Series[] {
    return this.#series;
  }

  get truncatedValues(): number {
    return this.#truncatedValues;
  }

  get droppedSeries(): number {
    return this.#droppedSeries;
  }

  /** Throws for a sample whose labels are not those of the metric. */
  add({ value, labels }: Sample): void {
    assertLabels(this.metric, labels);
    const limited = this.#limit(labels);
    if (this.#series.length >= this.#maxSeries || this.#isKnown(limited)) this.#droppedSeries += 1;
    else this.#series.push({ labels: limited, value });
  }

  /** `labels` themselves when all are short enough, which is nearly always so. */
  #limit(labels: Series['labels']): Series['labels'] {
    let limited: Record<string, string> | undefined;
    for (const label of this.metric.labels) {
      const value = labels[label] ?? '';
      const short = limitLabelValue(label, value);
      if (short === value) continue;
      limited ??= { ...labels };
      limited[label] = short;
      this.#truncatedValues += 1;
    }
    if (limited) this.#known ??= new Set(this.#series.map((series) => keyOf(series.labels)));
    return limited ?? labels;
  }

  #isKnown(labels: Series['labels']): boolean {
    if (!this.#known) return false;
    const key = keyOf(labels);
    if (this.#known.has(key)) return true;
    this.#known.add(key);
    return false;
  }
}

/** Whatever the order in which they were given. */
function keyOf(labels: Series['labels']): string {
  return JSON.stringify(Object.entries(labels).sort());
}

function assertLabels(metric: Metric, labels: Series['labels']): void {
  const names = Object.keys(labels);
  if (names.length !== metric.labels.length || !metric.labels.every((label) => Object.hasOwn(labels, label))) {
    throw new Error(`${metric.name} has the labels ${metric.labels.join()}, not ${names.join()}`);
  }
}
