import type { Watcher } from '../../exporter/cluster/watcher.ts';
import { watchers } from '../../exporter/cluster/watchers/index.ts';
import * as collectorMetrics from '../../exporter/exposition/collector-metrics.ts';
import type { Collector } from '../../exporter/node/collector.ts';
import { collectors } from '../../exporter/node/collectors/index.ts';
import type { Settings } from '../settings.ts';
import { UPSTREAM, type Upstream, upstreamMetric } from '../upstream-metrics.ts';
import { abbreviate, type Finding } from './finding.ts';
import type { Query } from './prometheus.ts';

/** The alerts that need each metric, by its name. */
type Needs = ReadonlyMap<string, readonly string[]>;

interface Role {
  readonly name: string;
  readonly parts: readonly (Collector | Watcher)[];
  readonly remedy: string;
  /** Whether hosts without Kubernetes need it. */
  readonly everywhere: boolean;
}

const ROLES: readonly Role[] = [
  {
    name: 'foreshock node',
    parts: collectors,
    remedy: 'run it on every node and scrape it (deploy/node.yaml)',
    everywhere: true,
  },
  {
    name: 'foreshock cluster',
    parts: watchers,
    remedy: 'run one in the cluster and scrape it (deploy/cluster.yaml)',
    everywhere: false,
  },
];

/** Metrics of Foreshock without series, because a role is not scraped, a collector does not run, or nothing happened yet. */
export async function missingForeshockMetrics(query: Query, needs: Needs, kubernetes: boolean): Promise<Finding[]> {
  const running = new Set(
    (await query(`count by (collector) (${collectorMetrics.success.name})`)).map(({ labels }) => labels.collector),
  );
  const parts = ROLES.flatMap((role) => role.parts).filter(({ name }) => running.has(name));
  const names = new Set(parts.flatMap((part) => namesOf(part, needs)));
  const present = await presentNames(query, [...names], '');
  const withoutSeries = [...names].filter((name) => !present.has(name)).sort();
  const what = `metrics without series, usually because nothing happened yet or no host has the feature: ${abbreviate(withoutSeries, 20)}`;
  return [
    ...ROLES.flatMap((role) => missingCollectors(role, running, needs, kubernetes)),
    ...(withoutSeries.length > 0 ? [{ level: 'note', what } as const] : []),
  ];
}

function missingCollectors(
  { name, parts, remedy, everywhere }: Role,
  running: ReadonlySet<string | undefined>,
  needs: Needs,
  kubernetes: boolean,
): Finding[] {
  const missing = parts.filter((part) => !running.has(part.name));
  if (missing.length === parts.length) {
    const level = everywhere || kubernetes ? 'missing' : 'note';
    return [{ level, what: `no metrics of \`${name}\``, alerts: alertsOf(parts, needs), remedy }];
  }
  return missing
    .filter((part) => namesOf(part, needs).length > 0)
    .map((part) => ({
      level: 'missing',
      what: `collector ${part.name} of \`${name}\` runs nowhere`,
      alerts: alertsOf([part], needs),
      remedy: `remove --no-collector.${part.name}; if it is not set, upgrade Foreshock to the version of these rules`,
    }));
}

/** The metrics of a collector that rules use; for a histogram its series. */
function namesOf({ metrics }: Collector | Watcher, needs: Needs): string[] {
  return metrics.flatMap(({ name, type }) =>
    (type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''])
      .map((suffix) => name + suffix)
      .filter((series) => needs.has(series)),
  );
}

function alertsOf(parts: readonly (Collector | Watcher)[], needs: Needs): string[] {
  return alertsNeeding(
    parts.flatMap((part) => namesOf(part, needs)),
    needs,
  );
}

function alertsNeeding(names: readonly string[], needs: Needs): string[] {
  return [...new Set(names.flatMap((name) => needs.get(name) ?? []))].sort();
}

/** Metrics of other exporters without a series that the selector matches. */
export async function missingUpstreamMetrics(
  query: Query,
  needs: Needs,
  selectors: Settings['selectors'],
  kubernetes: boolean,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const source of Object.keys(UPSTREAM) as Upstream[]) {
    const names = [...needs.keys()].filter((name) => upstreamMetric(name)?.source === source).sort();
    const missing = await missingNames(query, names, selectors[source]);
    if (missing.length === 0) continue;
    const optional = source === 'kube_state_metrics' || (source === 'kubelet' && !kubernetes);
    const level = optional ? 'note' : 'missing';
    const distinctive = missing.filter((name) => !upstreamMetric(name)?.common);
    const jobs = distinctive.length === 0 ? [] : await jobsWith(query, distinctive);
    findings.push(
      ...(missing.length === names.length || jobs.length > 0
        ? [
            {
              level,
              ...sourceMissing(source, missing, selectors[source], jobs),
              alerts: alertsNeeding(missing, needs),
            } as const,
          ]
        : missing.map((name) => ({
            ...metricMissing(name, source, selectors[source], level),
            alerts: alertsNeeding([name], needs),
          }))),
    );
  }
  return findings;
}

/** All metrics of a source, or those that other jobs have. */
function sourceMissing(
  source: Upstream,
  missing: readonly string[],
  selector: string,
  [job, ...more]: readonly string[],
) {
  const what = `${abbreviate(missing)}: no series of ${UPSTREAM[source].name} with ${selector}`;
  if (job === undefined) return { what, remedy: UPSTREAM[source].remedy };
  return {
    what: `${what}, but with ${abbreviate([job, ...more])}`,
    remedy: `set selectors.${source}: '${job}' in the settings`,
  };
}

function metricMissing(name: string, source: Upstream, selector: string, level: Finding['level']): Finding {
  const { remedy = UPSTREAM[source].remedy, where, fallback } = upstreamMetric(name) ?? {};
  const matchers = where === undefined ? selector : `${selector},${where}`;
  return { level: fallback ? 'note' : level, what: `${name}{${matchers}} has no series`, remedy };
}

async function missingNames(query: Query, names: readonly string[], selector: string): Promise<string[]> {
  const present = await presentNames(query, names, selector);
  const missing: string[] = [];
  for (const name of names) {
    const where = upstreamMetric(name)?.where;
    const found =
      where === undefined ? present.has(name) : (await query(`count(${name}{${selector},${where}})`)).length > 0;
    if (!found) missing.push(name);
  }
  return missing;
}

async function presentNames(
  query: Query,
  names: readonly string[],
  selector: string,
): Promise<Set<string | undefined>> {
  if (names.length === 0) return new Set();
  const matchers = [`__name__=~"${names.join('|')}"`, ...(selector === '' ? [] : [selector])].join(',');
  const series = await query(`count by (__name__) ({${matchers}})`);
  return new Set(series.map(({ labels }) => labels.__name__));
}

/** Matchers of the jobs that have these metrics. */
async function jobsWith(query: Query, names: readonly string[]): Promise<string[]> {
  const series = await query(`count by (job) ({__name__=~"${names.join('|')}"})`);
  return series.flatMap(({ labels: { job } }) => (job === undefined ? [] : [`job=${JSON.stringify(job)}`])).sort();
}

/** Targets of Foreshock that the selector misses: alerts use their `up`, though our own metrics need no selector. */
export async function missingForeshockTargets(query: Query, { foreshock }: Settings['selectors']): Promise<Finding[]> {
  if ((await query(`count(up{${foreshock}})`)).length > 0) return [];
  const [job] = await jobsWith(query, [collectorMetrics.success.name]);
  if (job === undefined) return [];
  return [
    {
      level: 'missing',
      what: `up{${foreshock}}: no target of Foreshock, but with ${job}`,
      remedy: `set selectors.foreshock: '${job}' in the settings`,
    },
  ];
}
