import { watchers } from '../../exporter/cluster/watchers/index.ts';
import { COLLECTOR_METRICS } from '../../exporter/exposition/collector-metrics.ts';
import type { MetricType } from '../../exporter/exposition/metric.ts';
import { PROCESS_METRICS } from '../../exporter/exposition/process-metrics.ts';
import { collectors } from '../../exporter/node/collectors/index.ts';
import { SERVER_METRICS } from '../../exporter/server/server-metrics.ts';
import { ruleGroups } from '../../rules/pack.ts';
import { DEFAULT_SETTINGS } from '../../rules/settings.ts';
import { upstreamMetric } from '../../rules/upstream-metrics.ts';
import { parse } from '../promql.ts';
import { checkLabels } from '../promql-labels.ts';

/** The labels of every target in the default settings. */
const TARGET = ['cluster', 'instance', 'job'];

interface Known {
  readonly type: MetricType;
  readonly labels: readonly string[];
}

const declared = [
  ...[...collectors, ...watchers].flatMap(({ metrics }) => metrics),
  ...COLLECTOR_METRICS,
  ...SERVER_METRICS,
  ...PROCESS_METRICS,
];

const recorded = new Map(
  ruleGroups(DEFAULT_SETTINGS).flatMap(({ records }) => records.map(({ record, expr }) => [record, expr] as const)),
);

/** Series that Prometheus writes about targets and alerts. */
const PROMETHEUS: Readonly<Record<string, Known>> = {
  up: { type: 'gauge', labels: [...TARGET, 'node', 'metrics_path'] },
  ALERTS: { type: 'gauge', labels: [...TARGET, 'node', 'alertname', 'alertstate', 'severity', 'signature', 'symptom'] },
};

const labelsOfRecorded = new Map<string, readonly string[]>();

/** The labels that series of a metric, or of several (`a|b`), can have; undefined for unknown metrics. */
export function labelsOf(names: string): readonly string[] | undefined {
  const labels = names.split('|').map(labelsOfOne);
  return labels.includes(undefined) ? undefined : [...new Set(labels.flatMap((some) => some ?? []))];
}

function labelsOfOne(name: string): readonly string[] | undefined {
  const expr = recorded.get(name);
  if (expr === undefined) return known(name)?.labels;
  const found = labelsOfRecorded.get(name);
  if (found) return found;
  // A recorded series can read itself: then it has the labels of its name.
  labelsOfRecorded.set(name, ['cluster', ...(name.split(':')[0] ?? '').split('_')]);
  const { labels } = checkLabels(expr, labelsOf);
  labelsOfRecorded.set(name, labels);
  return labels;
}

function known(name: string): Known | undefined {
  const [, histogram = name, suffix] = /^(.+)_(bucket|sum|count)$/.exec(name) ?? [];
  // The two roles have some metrics in common, with other labels.
  const ours = declared.filter((one) => one.name === (one.type === 'histogram' ? histogram : name));
  const [type] = ours.map((one) => one.type);
  const le = suffix === 'bucket' ? ['le'] : [];
  if (type) {
    const own = ours.flatMap(({ labels }) => labels);
    // The names that Prometheus gives to our labels where the target has them too and honor_labels is not set.
    const renamed = own.map((label) => `exported_${label}`);
    return { type, labels: [...TARGET, 'node', ...own, ...renamed, ...le] };
  }
  const upstream = upstreamMetric(name);
  if (upstream) return { type: upstream.type, labels: [...TARGET, ...upstream.labels, ...le] };
  return Object.hasOwn(PROMETHEUS, name) ? PROMETHEUS[name] : undefined;
}

/** Functions of the increase of a counter: since when it counts is unknown. */
const OF_COUNTERS = ['rate', 'irate', 'increase', 'resets', 'changes', 'timestamp'];

/** Errors of an expression: syntax, unknown metrics and labels, and counters that are used without rate() or increase(). */
export function problemsOf(expr: string): string[] {
  const { errors, selectors } = parse(expr);
  const counters = selectors
    .filter(({ metric, within, existence, calculated }) => {
      const counts = ['counter', 'histogram'].includes(known(metric)?.type ?? '');
      return counts && calculated && !existence && !within.some((name) => OF_COUNTERS.includes(name));
    })
    .map(({ metric }) => `${metric} counts: it needs rate() or increase()`);
  return [...errors, ...checkLabels(expr, labelsOf).problems, ...counters];
}
