import type { Observer } from '../../exporter/cluster/watcher.ts';
import type { Distribution } from '../../exporter/metric.ts';

/** Values by metric and labels in the order of the metric, in the notation of the text format, without the prefix. */
export function observed(observer: Observer): Record<string, number | Distribution> {
  const values = [...observer.samples()].map(({ metric, labels, value }) => {
    const pairs = metric.labels.map((label) => `${label}="${labels[label]}"`);
    return [`${metric.name.replace('foreshock_', '')}{${pairs.join(',')}}`, value] as const;
  });
  return Object.fromEntries(values);
}

/** A histogram whose sum is rounded to milliseconds: sums of floating-point numbers are not exact. */
export function rounded(value: number | Distribution | undefined): unknown {
  const milliseconds = (seconds: number) => Math.round(seconds * 1000) / 1000;
  if (typeof value !== 'object') return value === undefined ? undefined : milliseconds(value);
  return { counts: value.counts, sum: milliseconds(value.sum) };
}
