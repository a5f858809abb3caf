import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { watchers } from '../../../exporter/cluster/watchers/index.ts';
import { foreshock } from '../../cli/command-line.ts';
import { type ExporterProcess, startExporter } from '../../exporter-process.ts';
import { parseExposition, sampleValue } from '../../exposition-text.ts';
import { missing } from '../../programs.ts';
import { writeClientKubeconfig } from './api/kubeconfig-file.ts';
import { refusal } from './api-server/faults.ts';
import { loadRecordings, readRecordings } from './recordings.ts';
import { TestCluster } from './test-cluster.ts';

const NAMES = watchers.map(({ name }) => name);

/** The recorded cluster, and the flag of a kubeconfig for it. */
async function recordedCluster(t: TestContext): Promise<{ cluster: TestCluster; flag: string }> {
  const cluster = await TestCluster.start(t);
  loadRecordings(cluster.server, readRecordings());
  const directory = mkdtempSync(join(tmpdir(), 'foreshock-cluster-'));
  t.after(() => rmSync(directory, { recursive: true }));
  return {
    cluster,
    flag: `--kubeconfig=${writeClientKubeconfig(directory, cluster.server.url, cluster.certificates)}`,
  };
}

/** All recorded changes, in the order of their arrival. */
function recordedChanges() {
  return readRecordings()
    .flatMap(({ resource, events }) => events.map((event) => ({ ...event, resource })))
    .sort((a, b) => a.receivedAt - b.receivedAt)
    .flatMap(({ resource, event: { type, object } }) =>
      type === 'BOOKMARK' ? [] : [{ resource, event: { type, object } }],
    );
}

async function start(t: TestContext, flags: readonly string[], ...command: string[]): Promise<ExporterProcess> {
  const exporter = await startExporter(flags, command);
  t.after(() => exporter.stop());
  return exporter;
}

const successOf = (text: string, collector: string) => sampleValue(text, 'foreshock_collector_success', { collector });

test('foreshock cluster lists, watches, and asks for nothing else', async (t) => {
  const { cluster, flag } = await recordedCluster(t);
  const exporter = await start(t, [flag], 'cluster');
  const text = await exporter.scrape();
  for (const name of NAMES) assert.equal(successOf(text, name), 1, `${name}: ${exporter.log()}`);
  assert.equal(sampleValue(text, 'foreshock_images', { node: 'node-a' }), 2);
  assert.deepEqual([...new Set(cluster.server.asked.map(({ resource }) => resource))].sort(), [
    'events',
    'leases',
    'nodes',
    'pods',
  ]);
  assert.equal(await exporter.stop(), 0);
});

test('foreshock cluster exports the whole table from what was recorded', async (t) => {
  const { cluster, flag } = await recordedCluster(t);
  const exporter = await start(t, [flag], 'cluster');
  for (const { resource, event } of recordedChanges()) cluster.server.change(resource, event.type, event.object);
  const value = (text: string, name: string, labels = {}) =>
    sampleValue(text, `foreshock_${name}`, { node: 'node-a', ...labels });
  // Each is the last change that counts in its stream.
  const text = await exporter.scrapeUntil(
    (text) =>
      value(text, 'node_events_total', { reason: 'FailedToPullImage' }) === 6 &&
      value(text, 'node_condition_transitions_total', { condition: 'Ready', status: 'True' }) === 3 &&
      value(text, 'kubelet_lease_renew_interval_seconds_count') === 102,
    60,
  );
  const series = new Set(parseExposition(text).map(({ name }) => name.replace(/_(bucket|sum|count)$/, '')));
  const absent = watchers.flatMap(({ metrics }) => metrics).filter(({ name }) => !series.has(name));
  // No pull is in flight at the end.
  assert.deepEqual(
    absent.map(({ name }) => name),
    ['foreshock_image_pull_oldest_start_timestamp_seconds'],
  );
  assert.equal(value(text, 'image_gc_last_wanted_bytes'), 179_448_368_947);
  assert.equal(value(text, 'node_events_total', { reason: 'EvictionThresholdMet' }), 9);
  assert.equal(value(text, 'image_pull_wait_seconds_bucket', { le: '60' }), 2);
});

test('what may not be watched fails its watchers, and the log names the permission', async (t) => {
  const { cluster, flag } = await recordedCluster(t);
  const exporter = await start(t, [flag], 'cluster');
  const forbidden = refusal(403, 'Forbidden', 'leases is forbidden: User "foreshock" cannot watch resource "leases"');
  cluster.server.fail('leases', 'watch', ...Array.from({ length: 50 }, () => forbidden));
  for (const watch of cluster.server.watches('leases')) watch.end();
  const text = await exporter.scrapeUntil((text) => successOf(text, 'heartbeats') === 0, 60);
  assert.equal(successOf(text, 'conditions'), 1);
  assert.match(
    exporter.log(),
    /not allowed to watch leases in coordination\.k8s\.io: the ClusterRole needs get, list, watch on leases/,
  );
});

test('--once prints what a list tells', async (t) => {
  const { flag } = await recordedCluster(t);
  const { code, stdout, stderr } = await foreshock(['cluster', flag, '--once']);
  assert.equal(code, 0, stderr);
  for (const name of NAMES) assert.equal(successOf(stdout, name), 1, name);
});

test('a watcher that is switched off is not there, nor what it alone would watch', async (t) => {
  const { cluster, flag } = await recordedCluster(t);
  const off = NAMES.filter((name) => name !== 'conditions').map((name) => `--no-collector.${name}`);
  const exporter = await start(t, [flag, ...off], 'cluster');
  const names = new Set(parseExposition(await exporter.scrape()).map(({ name }) => name));
  assert.ok(names.has('foreshock_node_condition_transitions_total'));
  assert.ok(!names.has('foreshock_images'));
  assert.deepEqual([...new Set(cluster.server.asked.map(({ resource }) => resource))], ['nodes']);
});

test('without a kubeconfig and outside of a pod it says what is missing', async () => {
  const { code, stderr } = await foreshock(['cluster', '--once']);
  assert.equal(code, 2);
  assert.match(stderr, /KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set.*kubeconfig/);
});

test('both roles in one process: each metric has one family', { skip: missing(['promtool']) }, async (t) => {
  const { flag } = await recordedCluster(t);
  const root = mkdtempSync(join(tmpdir(), 'foreshock-empty-'));
  t.after(() => rmSync(root, { recursive: true }));
  const exporter = await start(t, [flag, '--no-collector.runtime'], 'node', 'cluster');
  const text = await exporter.scrapeUntil((text) => successOf(text, 'image_filesystem') !== undefined, 30);
  for (const name of [...NAMES, 'containers']) assert.equal(successOf(text, name), 1, name);
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
  assert.equal(status, 0, `${stdout}${stderr}`);
});
