import { watchers } from '../../exporter/cluster/watchers/index.ts';
import { COLLECTOR_METRICS } from '../../exporter/exposition/collector-metrics.ts';
import type { MetricType } from '../../exporter/exposition/metric.ts';
import { PROCESS_METRICS } from '../../exporter/exposition/process-metrics.ts';
import { collectors } from '../../exporter/node/collectors/index.ts';
import { ruleGroups } from '../../rules/pack.ts';
import { DEFAULT_SETTINGS } from '../../rules/settings.ts';
import { upstreamMetric } from '../../rules/upstream-metrics.ts';
import { parse } from '../promql.ts';
import { checkLabels } from '../promql-labels.ts';

/** What every target has in the default settings. */
const TARGET = ['cluster', 'instance', 'job'];

interface Known {
  readonly type: MetricType;
  readonly labels: readonly string[];
}

const declared = [
  ...[...collectors, ...watchers].flatMap(({ metrics }) => metrics),
  ...COLLECTOR_METRICS,
  ...PROCESS_METRICS,
];

const recorded = new Map(
  ruleGroups(DEFAULT_SETTINGS).flatMap(({ records }) => records.map(({ record, expr }) => [record, expr] as const)),
);

/** What Prometheus itself knows of targets and alerts. */
const PROMETHEUS: Readonly<Record<string, Known>> = {
  up: { type: 'gauge', labels: [...TARGET, 'node', 'metrics_path'] },
  ALERTS: { type: 'gauge', labels: [...TARGET, 'node', 'alertname', 'alertstate', 'severity', 'signature', 'symptom'] },
};

const labelsOfRecorded = new Map<string, readonly string[]>();

/** The labels that the series of a name, or of several (`a|b`), can have: ours, recorded ones, or known ones of others; else undefined. */
export function labelsOf(names: string): readonly string[] | undefined {
  const labels = names.split('|').map(labelsOfOne);
  return labels.includes(undefined) ? undefined : [...new Set(labels.flatMap((some) => some ?? []))];
}

function labelsOfOne(name: string): readonly string[] | undefined {
  const expr = recorded.get(name);
  if (expr === undefined) return known(name)?.labels;
  const found = labelsOfRecorded.get(name);
  if (found) return found;
  // What is recorded can be made of itself: then it has the labels that its name says.
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
    // What Prometheus makes of labels that the target has too, where it does not honour ours.
    const renamed = own.map((label) => `exported_${label}`);
    return { type, labels: [...TARGET, 'node', ...own, ...renamed, ...le] };
  }
  const upstream = upstreamMetric(name);
  if (upstream) return { type: upstream.type, labels: [...TARGET, ...upstream.labels, ...le] };
  return Object.hasOwn(PROMETHEUS, name) ? PROMETHEUS[name] : undefined;
}

/** Functions of what a counter counted; since when it counts, alerts cannot know. */
const OF_COUNTERS = ['rate', 'irate', 'increase', 'resets', 'changes', 'timestamp'];

/** What is wrong with an expression: its syntax, a metric or label that there is not, or a counter compared as it is. */
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
