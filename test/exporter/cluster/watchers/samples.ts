import type { Observer } from '../../../../exporter/cluster/watcher.ts';
import type { Distribution } from '../../../../exporter/exposition/metric.ts';

/** The values of an observer, without the prefix: `{ 'images{node="a"}': 3 }`; 0 is left out where `nonZero` is set. */
export function valuesOf(observer: Observer, nonZero = false): Record<string, number | Distribution> {
  const values = [...observer.samples((moment) => moment)].map(({ metric, labels, value }) => {
    const pairs = Object.entries(labels).map(([name, text]) => `${name}="${text}"`);
    return [`${metric.name.replace('foreshock_', '')}{${pairs.join()}}`, value] as const;
  });
  return Object.fromEntries(values.filter(([, value]) => !nonZero || value !== 0));
}

/** A histogram whose sum is rounded to milliseconds: sums of floating-point numbers are not exact. */
export function rounded(value: number | Distribution | undefined): unknown {
  const milliseconds = (seconds: number) => Math.round(seconds * 1000) / 1000;
  if (typeof value !== 'object') return value === undefined ? undefined : milliseconds(value);
  return { counts: value.counts, sum: milliseconds(value.sum) };
}
