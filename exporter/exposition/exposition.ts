import { LimitedSeries } from './limited-series.ts';
import type { Distribution, Metric, Sample } from './metric.ts';

/** The formats that Prometheus asks for. */
export type Format = 'text' | 'openMetrics';

export const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openMetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** A metric printed in one format. Printed text is never parsed again: its labels hold what others chose. */
export interface Block {
  /** Of the metric, as it is declared. */
  readonly name: string;
  /** Its lines `# HELP` and `# TYPE`. */
  readonly header: string;
  /** Its samples, a line each, in UTF-8. */
  readonly samples: Uint8Array;
}

/** Metrics printed in each format. */
export type Exposition = Readonly<Record<Format, readonly Block[]>>;

/** A metric with its values, as `families` returns it and as prom-client describes its own metrics. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: unknown;
  readonly values: readonly Value[];
  readonly buckets?: readonly number[];
}

interface Value {
  readonly labels: Readonly<Record<string, string | number | undefined>>;
  readonly value: number | Distribution;
  /** If it differs from the family's name, as for the buckets of prom-client's histograms. */
  readonly metricName?: string;
}

/** What the limits of an exposition left out of samples. */
export interface Omissions {
  /** Label values that were longer than their label's limit. */
  readonly truncatedValues: number;
  /** Samples beyond the limit of their metric, and those whose labels another one has once they are cut. */
  readonly droppedSeries: number;
}

/** Samples by metric, and what was left out of them. */
export interface LimitedFamilies extends Omissions {
  readonly families: readonly Family[];
}

/** Series of one metric: those of all containers of a large host, exited ones included. */
const MAX_SERIES = 10_000;

/**
 * Samples by metric, in the order of `metrics`. A sample of an undeclared metric, or with other labels, is an error. This is
 * the one place where names that others chose become labels, so the limits of their length and number are here; the first
 * `maxSeries` of each metric stay.
 */
export function limitedFamilies(
  metrics: readonly Metric[],
  samples: Iterable<Sample>,
  maxSeries = MAX_SERIES,
): LimitedFamilies {
  const byMetric = new Map(metrics.map((metric) => [metric, new LimitedSeries(metric, maxSeries)]));
  for (const sample of samples) {
    const series = byMetric.get(sample.metric);
    if (!series) throw new Error(`the metric ${sample.metric.name} is not declared by its collector`);
    series.add(sample);
  }
  const all = [...byMetric.values()];
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  return {
    families: all.map(({ metric, values }) => ({ ...metric, values })),
    truncatedValues: sum(all.map(({ truncatedValues }) => truncatedValues)),
    droppedSeries: sum(all.map(({ droppedSeries }) => droppedSeries)),
  };
}

/** As `limitedFamilies`, of samples whose labels nobody else chose. */
export function families(metrics: readonly Metric[], samples: Iterable<Sample>): readonly Family[] {
  return limitedFamilies(metrics, samples).families;
}

/** Prints families in both formats. */
export function render(printed: readonly Family[]): Exposition {
  return { text: print(printed, 'text'), openMetrics: print(printed, 'openMetrics') };
}

/**
 * Prints families in one format (prometheus.io/docs/instrumenting/exposition_formats, OpenMetrics 1.0). In OpenMetrics the
 * name of a counter's family has no `_total`, that of its samples has.
 *
 * It is not prom-client's registry because that keeps each series until it is removed, and prints the one format that it
 * was made for. Here samples are values that each collection makes anew, so that what is gone has no series; the node role
 * prints them in its worker threads, in both formats, and a scrape joins the bytes.
 */
export function print(printed: readonly Family[], format: Format): readonly Block[] {
  return printed.map(({ name, help, type, values, buckets }) => {
    const family = format === 'openMetrics' && type === 'counter' ? name.replace(/_total$/, '') : name;
    const header = `# HELP ${family} ${escapeHelp(help, format)}\n# TYPE ${family} ${type}\n`;
    let text = '';
    for (const { labels, value, metricName = name } of values) {
      const labelled = printLabels(labels);
      if (typeof value === 'number') text += `${metricName}${inBraces(labelled)} ${printNumber(value)}\n`;
      else text += printHistogram(metricName, labelled, buckets ?? [], value);
    }
    // A small Buffer is a part of a larger one, which would cross threads with it.
    return { name, header, samples: new TextEncoder().encode(text) };
  });
}

/**
 * A whole exposition of blocks in one format. A metric may appear only once in it, so the samples of all blocks of one name
 * follow the first one's header.
 */
export function join(blocks: readonly Block[], format: Format): Buffer {
  const parts = new Map<string, Uint8Array[]>();
  for (const { name, header, samples } of blocks) {
    const known = parts.get(name);
    if (known) known.push(samples);
    else parts.set(name, [Buffer.from(header), samples]);
  }
  const end = format === 'openMetrics' ? [Buffer.from('# EOF\n')] : [];
  return Buffer.concat([...[...parts.values()].flat(), ...end]);
}

function printHistogram(name: string, labels: string, buckets: readonly number[], value: Distribution): string {
  const before = labels === '' ? '' : `${labels},`;
  let text = '';
  let cumulative = 0;
  for (const [index, count] of value.counts.entries()) {
    cumulative += count;
    text += `${name}_bucket{${before}le="${printNumber(buckets[index] ?? Number.POSITIVE_INFINITY)}"} ${cumulative}\n`;
  }
  return `${text}${name}_sum${inBraces(labels)} ${printNumber(value.sum)}\n${name}_count${inBraces(labels)} ${cumulative}\n`;
}

function printLabels(labels: Value['labels']): string {
  let text = '';
  for (const name in labels) text += `${text === '' ? '' : ','}${name}="${escapeLabel(String(labels[name]))}"`;
  return text;
}

function inBraces(labels: string): string {
  return labels === '' ? '' : `{${labels}}`;
}

function printNumber(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

function escapeLabel(value: string): string {
  return /["\\\n]/.test(value) ? escapeBackslash(value).replaceAll('"', '\\"') : value;
}

/** Quotes are escaped only in OpenMetrics. */
function escapeHelp(help: string, format: Format): string {
  return format === 'text' ? escapeBackslash(help) : escapeLabel(help);
}

function escapeBackslash(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
