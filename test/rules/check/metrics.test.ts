import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectors } from '../../../exporter/node/collectors/index.ts';
import {
  missingForeshockMetrics,
  missingForeshockTargets,
  missingUpstreamMetrics,
} from '../../../rules/check/metrics.ts';
import type { Query, Series } from '../../../rules/check/prometheus.ts';
import { DEFAULT_SETTINGS } from '../../../rules/settings.ts';

const { selectors } = DEFAULT_SETTINGS;
const NODE_COLLECTORS = collectors.map(({ name }) => name);

/** The metrics of a Prometheus, and the jobs that have each. */
type Jobs = Readonly<Record<string, readonly string[]>>;

/** Answers which of the asked metrics there are, which of our collectors run, and which jobs have a metric. */
function prometheus(jobs: Jobs, running: readonly string[] = NODE_COLLECTORS): Query {
  const series = (label: string, values: Iterable<string>): Series[] =>
    [...values].map((value) => ({ labels: { [label]: value }, value: 1 }));
  return async (expr) => {
    if (expr.startsWith('count by (collector)')) return series('collector', running);
    const asked = /__name__=~"([^"]*)"/.exec(expr)?.[1]?.split('|') ?? [/^count\((\w+)\{/.exec(expr)?.[1] ?? ''];
    const job = /,job="([^"]*)"|\{job="([^"]*)"/.exec(expr)?.slice(1).find(Boolean);
    const found = asked.filter((name) => (jobs[name] ?? []).some((of) => job === undefined || of === job));
    if (expr.startsWith('count by (job)')) return series('job', new Set(found.flatMap((name) => jobs[name] ?? [])));
    return series('__name__', found);
  };
}

const texts = (findings: readonly { level: string; what: string }[]) =>
  findings.map(({ level, what }) => `${level}: ${what}`);

test('a collector that runs nowhere is missing if an alert needs it', async () => {
  const needs = new Map([['foreshock_zombie_processes', ['B', 'A']]]);
  const running = (...without: string[]) => NODE_COLLECTORS.filter((name) => !without.includes(name));
  const findings = await missingForeshockMetrics(prometheus({}, running('zombies', 'pids')), needs, false);
  assert.deepEqual(texts(findings), [
    'missing: collector zombies of `foreshock node` runs nowhere',
    'note: no metrics of `foreshock cluster`',
  ]);
  assert.deepEqual(findings[0]?.alerts, ['A', 'B']);
});

test('a role without metrics is missing, that of the cluster only in Kubernetes', async () => {
  const find = async (kubernetes: boolean) =>
    texts(await missingForeshockMetrics(prometheus({}, []), new Map(), kubernetes));
  const node = 'missing: no metrics of `foreshock node`';
  assert.deepEqual(await find(false), [node, 'note: no metrics of `foreshock cluster`']);
  assert.deepEqual(await find(true), [node, 'missing: no metrics of `foreshock cluster`']);
});

test('a metric of a collector that runs may have no series yet; a histogram has three', async () => {
  const bucket = 'foreshock_memory_stat_read_duration_seconds_bucket';
  const needs = new Map([
    [bucket, ['A']],
    ['foreshock_pids_used', ['A']],
  ]);
  const find = async (jobs: Jobs) => texts(await missingForeshockMetrics(prometheus(jobs), needs, false)).slice(1);
  const without = 'note: metrics without series, usually because nothing happened yet or no host has the feature: ';
  assert.deepEqual(await find({}), [`${without}${bucket}, foreshock_pids_used`]);
  assert.deepEqual(await find({ foreshock_pids_used: ['foreshock'] }), [`${without}${bucket}`]);
  assert.deepEqual(await find({ foreshock_pids_used: ['foreshock'], [bucket]: ['foreshock'] }), []);
});

const DISK = ['node_disk_io_time_seconds_total', 'node_disk_write_time_seconds_total'] as const;
const NEEDS = new Map(DISK.map((name) => [name as string, ['A']]));
const upstream = (jobs: Jobs, needs = NEEDS, kubernetes = true) =>
  missingUpstreamMetrics(prometheus(jobs), needs, selectors, kubernetes);

test('of an exporter that is there each metric that is not is a finding', async () => {
  const findings = await upstream({ [DISK[0]]: ['node-exporter'] });
  assert.deepEqual(texts(findings), [`missing: ${DISK[1]}{job="node-exporter"} has no series`]);
  assert.match(findings[0]?.remedy ?? '', /--collector\.diskstats/);
  assert.deepEqual(await upstream(Object.fromEntries(DISK.map((name) => [name, ['node-exporter']]))), []);
});

test('an exporter that is not there is one finding', async () => {
  const [finding, ...more] = await upstream({});
  assert.equal(finding?.what, `${DISK.join(', ')}: no series of node_exporter with job="node-exporter"`);
  assert.deepEqual([finding?.alerts, more], [['A'], []]);
});

test('an exporter whose job has another name is one finding, with what to set', async () => {
  const [finding] = await upstream(Object.fromEntries(DISK.map((name) => [name, ['node', 'hosts']])));
  assert.match(finding?.what ?? '', /, but with job="hosts", job="node"$/);
  assert.equal(finding?.remedy, `set selectors.node_exporter: 'job="hosts"' in the settings`);
});

test('what hosts without Kubernetes lack of Kubernetes is a note', async () => {
  const needs = new Map([['kubelet_node_name', ['A']]]);
  const levels = async (kubernetes: boolean) => (await upstream({}, needs, kubernetes)).map(({ level }) => level);
  assert.deepEqual([await levels(true), await levels(false)], [['missing'], ['note']]);
});

test('targets of Foreshock under another job are a finding, none at all are the concern of others', async () => {
  const find = async (jobs: Jobs) => texts(await missingForeshockTargets(prometheus(jobs), selectors));
  const success = 'foreshock_collector_success';
  assert.deepEqual(await find({}), []);
  assert.deepEqual(await find({ up: ['foreshock'], [success]: ['foreshock'] }), []);
  assert.deepEqual(await find({ up: ['exporters'], [success]: ['exporters'] }), [
    'missing: up{job="foreshock"}: no target of Foreshock, but with job="exporters"',
  ]);
});
