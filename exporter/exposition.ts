// Not the package's index, which loads all of prom-client into every worker thread: 3 MB each.
import Registry from 'prom-client/lib/registry.js';
import type { Distribution, Metric, Sample } from './metric.ts';

/** The formats that Prometheus asks for. */
export type Format = 'text' | 'openMetrics';

export const CONTENT_TYPES = {
  text: Registry.PROMETHEUS_CONTENT_TYPE,
  openMetrics: Registry.OPENMETRICS_CONTENT_TYPE,
} as const;

/** Samples printed in each format, in UTF-8; `openMetrics` lacks its closing `# EOF`. */
export type Exposition = Readonly<Record<Format, Uint8Array>>;

/** A metric with its values, as prom-client prints it and as its own metrics describe themselves. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: unknown;
  readonly values: readonly Value[];
}

interface Value {
  readonly labels: Readonly<Record<string, string | number | undefined>>;
  readonly value: number;
  readonly metricName?: string;
}

/** Samples by metric, in the order of `metrics`. A sample of an undeclared metric, or with other labels, is an error. */
export function families(metrics: readonly Metric[], samples: Iterable<Sample>): Family[] {
  const values = new Map<Metric, Value[]>(metrics.map((metric) => [metric, []]));
  for (const { metric, value, labels } of samples) {
    const list = values.get(metric);
    if (!list) throw new Error(`the metric ${metric.name} is not declared by its collector`);
    const names = Object.keys(labels);
    if (names.length !== metric.labels.length || !metric.labels.every((label) => Object.hasOwn(labels, label))) {
      throw new Error(`${metric.name} has the labels ${metric.labels.join()}, not ${names.join()}`);
    }
    if (typeof value === 'number') list.push({ labels, value });
    else list.push(...histogramValues(metric, value, labels));
  }
  return metrics.map((metric) => ({ ...metric, values: values.get(metric) ?? [] }));
}

function histogramValues(metric: Metric, { counts, sum }: Distribution, labels: Sample['labels']): Value[] {
  let cumulative = 0;
  const buckets = counts.map((count, index) => {
    cumulative += count;
    const bound = metric.buckets?.[index];
    return {
      metricName: `${metric.name}_bucket`,
      labels: { ...labels, le: bound === undefined ? '+Inf' : String(bound) },
      value: cumulative,
    };
  });
  return [
    ...buckets,
    { metricName: `${metric.name}_sum`, labels, value: sum },
    { metricName: `${metric.name}_count`, labels, value: cumulative },
  ];
}

/** Prints families in both formats. */
export async function render(printed: readonly Family[]): Promise<Exposition> {
  return { text: await print(printed, 'text'), openMetrics: await print(printed, 'openMetrics') };
}

/**
 * Prints families in one format. prom-client's registry prints whatever has a name and `get()`: constant values instead
 * of its own gauges, which keep old label sets, read 0 when unset, and fail the whole scrape when one throws. In
 * OpenMetrics a counter's family has no `_total`, which the registry adds to each sample.
 */
export async function print(printed: readonly Family[], format: Format): Promise<Uint8Array> {
  const registry = new Registry<(typeof CONTENT_TYPES)[Format]>();
  registry.setContentType(CONTENT_TYPES[format]);
  for (const family of printed) {
    const isCounter = format === 'openMetrics' && family.type === 'counter';
    const name = isCounter ? family.name.replace(/_total$/, '') : family.name;
    const constant = { ...family, name, get: async () => ({ ...family, name }) };
    registry.registerMetric(constant as unknown as Parameters<typeof registry.registerMetric>[0]);
  }
  const text = await registry.metrics();
  return Buffer.from(format === 'text' ? text.replaceAll(/\n\n+/g, '\n') : text.replace(/# EOF\n$/, ''));
}

/** Expositions as one, the samples of a metric together under its first `# HELP`: a family may come only once. */
export function mergeFamilies(expositions: readonly Uint8Array[]): Uint8Array {
  const blocks = expositions.flatMap((printed) =>
    Buffer.from(printed)
      .toString()
      .split(/^(?=# HELP )/m),
  );
  const merged = new Map<string, string>();
  for (const block of blocks) {
    const name = block.split(' ', 3)[2] ?? '';
    const known = merged.get(name);
    merged.set(name, known === undefined ? block : known + block.replaceAll(/^#.*\n/gm, ''));
  }
  return Buffer.from([...merged.values()].join(''));
}
