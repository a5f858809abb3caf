import type { Watcher } from '../../exporter/cluster/watcher.ts';
import { watchers } from '../../exporter/cluster/watchers/index.ts';
import { success } from '../../exporter/exposition/collector-metrics.ts';
import type { Collector } from '../../exporter/node/collector.ts';
import { collectors } from '../../exporter/node/collectors/index.ts';
import type { Settings } from '../settings.ts';
import { UPSTREAM, type Upstream, upstreamMetric } from '../upstream-metrics.ts';
import { type Finding, few } from './finding.ts';
import type { Query } from './prometheus.ts';

/** The names of metrics that rules use, with the alerts that need them. */
type Needs = ReadonlyMap<string, readonly string[]>;

const ROLES = [
  { name: 'foreshock node', parts: collectors, remedy: 'run it on every node and scrape it (deploy/node.yaml)' },
  { name: 'foreshock cluster', parts: watchers, remedy: 'run one in the cluster and scrape it (deploy/cluster.yaml)' },
] as const;

/** Our metrics that have no series: of a role that is not scraped, of a collector that does not run, or else by nature. */
export async function ownMetrics(query: Query, needs: Needs, kubernetes: boolean): Promise<Finding[]> {
  const names = ROLES.flatMap(({ parts }) => parts.flatMap((part: Collector | Watcher) => namesOf(part, needs)));
  const present = await presentNames(query, names, '');
  const running = new Set(
    (await query(`count by (collector) (${success.name})`)).map(({ labels }) => labels.collector),
  );
  const silent = new Set<string>();
  const findings = ROLES.flatMap(({ name, parts, remedy }): Finding[] => {
    const absent = parts.filter((part) => !running.has(part.name));
    for (const part of parts) {
      if (running.has(part.name)) for (const one of namesOf(part, needs)) if (!present.has(one)) silent.add(one);
    }
    if (absent.length === parts.length) {
      const level = name === 'foreshock cluster' && !kubernetes ? 'note' : 'missing';
      return [{ level, what: `nothing of \`${name}\` is here`, alerts: alertsOf(parts, needs), remedy }];
    }
    return absent
      .filter((part) => namesOf(part, needs).length > 0)
      .map((part) => ({
        level: 'missing',
        what: `collector ${part.name} of \`${name}\` does not run anywhere`,
        alerts: alertsOf([part], needs),
        remedy: `start it without --no-collector.${part.name}, in the version of these rules`,
      }));
  });
  if (silent.size === 0) return findings;
  const what = `without a series now, as is usual for what has not happened or what hosts do not have: ${few([...silent].sort(), 20)}`;
  return [...findings, { level: 'note', what }];
}

/** Those of a collector that rules use; of a histogram its series. */
function namesOf({ metrics }: Collector | Watcher, needs: Needs): string[] {
  return metrics.flatMap(({ name, type }) =>
    (type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''])
      .map((suffix) => name + suffix)
      .filter((one) => needs.has(one)),
  );
}

function alertsOf(parts: readonly (Collector | Watcher)[], needs: Needs): string[] {
  return needing(
    parts.flatMap((part) => namesOf(part, needs)),
    needs,
  );
}

function needing(names: readonly string[], needs: Needs): string[] {
  return [...new Set(names.flatMap((name) => needs.get(name) ?? []))].sort();
}

/** Metrics of others that have no series which the selector matches. */
export async function upstreamMetrics(
  query: Query,
  needs: Needs,
  selectors: Settings['selectors'],
  kubernetes: boolean,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const of of Object.keys(UPSTREAM) as Upstream[]) {
    const names = [...needs.keys()].filter((name) => upstreamMetric(name)?.of === of).sort();
    const missing = await missingNames(query, names, selectors[of]);
    if (missing.length === 0) continue;
    const optional = of === 'kube_state_metrics' || (of === 'kubelet' && !kubernetes);
    const level = optional ? 'note' : 'missing';
    const telling = missing.filter((name) => !upstreamMetric(name)?.common);
    const jobs = telling.length === 0 ? [] : await jobsWith(query, telling);
    findings.push(
      ...(missing.length === names.length || jobs.length > 0
        ? [{ level, ...sourceMissing(of, missing, selectors[of], jobs), alerts: needing(missing, needs) } as const]
        : missing.map((name) => ({
            ...metricMissing(name, of, selectors[of], level),
            alerts: needing([name], needs),
          }))),
    );
  }
  return findings;
}

/** All metrics of a source, or those that are there under other names of jobs. */
function sourceMissing(of: Upstream, missing: readonly string[], selector: string, [job, ...more]: readonly string[]) {
  const what = `${few(missing)}: no series of ${UPSTREAM[of].name} with ${selector}`;
  if (job === undefined) return { what, remedy: UPSTREAM[of].remedy };
  return { what: `${what}, but with ${few([job, ...more])}`, remedy: `set selectors.${of}: '${job}' in the settings` };
}

function metricMissing(name: string, of: Upstream, selector: string, level: Finding['level']): Finding {
  const { remedy = UPSTREAM[of].remedy, where, fallback } = upstreamMetric(name) ?? {};
  const matchers = where === undefined ? selector : `${selector},${where}`;
  return { level: fallback ? 'note' : level, what: `${name}{${matchers}} has no series`, remedy };
}

async function missingNames(query: Query, names: readonly string[], selector: string): Promise<string[]> {
  const present = await presentNames(query, names, selector);
  const missing: string[] = [];
  for (const name of names) {
    const where = upstreamMetric(name)?.where;
    const there =
      where === undefined ? present.has(name) : (await query(`count(${name}{${selector},${where}})`)).length > 0;
    if (!there) missing.push(name);
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

/** Matchers of the jobs that have them. */
async function jobsWith(query: Query, names: readonly string[]): Promise<string[]> {
  const series = await query(`count by (job) ({__name__=~"${names.join('|')}"})`);
  return series.flatMap(({ labels: { job } }) => (job === undefined ? [] : [`job=${JSON.stringify(job)}`])).sort();
}

/** Alerts about targets look at `up`, which our own metrics need no selector for. */
export async function ownTargets(query: Query, { foreshock }: Settings['selectors']): Promise<Finding[]> {
  if ((await query(`count(up{${foreshock}})`)).length > 0) return [];
  const [job] = await jobsWith(query, [success.name]);
  if (job === undefined) return [];
  return [
    {
      level: 'missing',
      what: `up{${foreshock}}: no target of Foreshock, but with ${job}`,
      remedy: `set selectors.foreshock: '${job}' in the settings`,
    },
  ];
}
