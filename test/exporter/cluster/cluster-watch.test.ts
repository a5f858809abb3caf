import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClusterWatch } from '../../../exporter/cluster/cluster-watch.ts';
import { watchers } from '../../../exporter/cluster/watchers/index.ts';
import { join } from '../../../exporter/exposition/exposition.ts';
import { parseExposition, sampleValue } from '../../exposition-text.ts';
import { refusal } from './api-server/faults.ts';
import { Replay } from './api-server/replay.ts';
import { readRecordings } from './recordings.ts';
import { TestCluster } from './test-cluster.ts';

const NODE = { node: 'node-a' };

/** Moments of the recording (its README): the kubelet stops, the controller gives it up, it goes on, … */
const STOPPED = 1795218653.64;
const GIVEN_UP = 1795218691.26;
const RESUMED = 1795218748.65;
const IMAGE_GC = 1795219115.2;
const PRESSURE_ENDS = 1795219221;
const THROTTLED_ENDS = 1795219346;
const PULLS_END = 1795219480;
const END = 1795219700;

test('the recorded cluster, watched over HTTPS, at given moments', async (t) => {
  const cluster = await TestCluster.start(t);
  const watch = new ClusterWatch(watchers, cluster.client(), cluster.log);
  const stop = new AbortController();
  const replay = new Replay(cluster.server, cluster.clock, readRecordings(), watch.reflectors);
  const running = watch.run(stop.signal);
  t.after(async () => {
    stop.abort();
    await running;
  });
  const valuesAt = async (moment: number) => {
    await replay.advanceTo(moment);
    const text = String(join(await watch.exposition('text'), 'text'));
    return (name: string, labels: Record<string, string> = {}) =>
      sampleValue(text, `foreshock_${name}`, { ...NODE, ...labels });
  };

  await t.test('a kubelet that stands still is not heard of', async () => {
    const value = await valuesAt(RESUMED - 1);
    const renewedAt = value('kubelet_lease_renew_timestamp_seconds') ?? 0;
    assert.ok(renewedAt < STOPPED && renewedAt > STOPPED - 10.5, String(renewedAt));
    assert.equal(
      value('kubelet_lease_renew_interval_seconds_bucket', { le: '15' }),
      value('kubelet_lease_renew_interval_seconds_count'),
    );
  });

  await t.test("the controller's patch is a transition, and no heartbeat", async () => {
    const value = await valuesAt(RESUMED - 0.5);
    assert.ok((value('kubelet_status_patch_timestamp_seconds') ?? 0) < GIVEN_UP);
    assert.equal(value('node_condition_transitions_total', { condition: 'Ready', status: 'Unknown' }), 1);
    assert.equal(value('node_condition_transitions_total', { condition: 'Ready', status: 'True' }), 0);
  });

  await t.test('101.7 s without a renewal are one interval', async () => {
    const value = await valuesAt(RESUMED + 5);
    const [short, all] = ['60', '120'].map((le) => value('kubelet_lease_renew_interval_seconds_bucket', { le }) ?? 0);
    assert.equal((all ?? 0) - (short ?? 0), 1);
    assert.equal(value('node_condition_transitions_total', { condition: 'Ready', status: 'True' }), 1);
  });

  await t.test('image GC that cannot free what it wants', async () => {
    const value = await valuesAt(IMAGE_GC + 1);
    assert.equal(value('image_gc_last_wanted_bytes'), 179_448_368_947);
    assert.equal(value('image_gc_failures_total'), 1);
    assert.equal(value('node_events_total', { reason: 'FreeDiskSpaceFailed' }), 1);
  });

  await t.test('the images that it deleted were on this node only', async () => {
    const value = await valuesAt(IMAGE_GC + 25);
    // Three that were built there, and the one of every pod's sandbox.
    assert.equal(value('images_removed_total', { local_only: 'true' }), 4);
    assert.equal(value('images_removed_total', { local_only: 'false' }), 0);
  });

  await t.test('disk pressure', async () => {
    const value = await valuesAt(PRESSURE_ENDS + 20);
    assert.equal(value('node_events_total', { reason: 'EvictionThresholdMet' }), 9);
    assert.equal(value('node_condition_transitions_total', { condition: 'DiskPressure', status: 'True' }), 1);
    // Once from Unknown, when the kubelet went on, and once from True.
    assert.equal(value('node_condition_transitions_total', { condition: 'DiskPressure', status: 'False' }), 2);
  });

  await t.test('a kubelet that is throttled tells late that containers run', async () => {
    const before = await valuesAt(PRESSURE_ENDS + 25);
    const after = await valuesAt(THROTTLED_ENDS + 30);
    const late = (value: typeof before) =>
      (value('pod_status_lag_seconds_count') ?? 0) - (value('pod_status_lag_seconds_bucket', { le: '10' }) ?? 0);
    assert.ok(late(after) - late(before) >= 20, `${late(after)} late, ${late(before)} before`);
  });

  await t.test('the pull that waited 37 s', async () => {
    const value = await valuesAt(PULLS_END - 1);
    const waits = (le: string) => value('image_pull_wait_seconds_bucket', { le }) ?? 0;
    assert.equal(waits('60') - waits('10'), 1);
    assert.equal(value('image_pulls_in_flight'), 0);
  });

  await t.test('every watcher is well, and a node that is deleted has no series', async () => {
    await replay.advanceTo(END);
    const text = String(join(await watch.exposition('text'), 'text'));
    for (const { name } of watchers)
      assert.equal(sampleValue(text, 'foreshock_collector_success', { collector: name }), 1);
    const [node] = readRecordings().find(({ resource }) => resource === 'nodes')?.list.items ?? [];
    if (node)
      cluster.server.change('nodes', 'DELETED', { ...node, metadata: { ...node.metadata, resourceVersion: '' } });
    await replay.advanceTo(END + 1);
    const left = parseExposition(String(join(await watch.exposition('text'), 'text'))).filter(
      ({ labels }) => labels.node === 'node-a',
    );
    assert.deepEqual(left, []);
  });

  await t.test('an API server that refuses is told, and the last values stay', async () => {
    cluster.server.fail('nodes', 'watch', ...Array.from({ length: 9 }, () => refusal(403, 'Forbidden', 'no')));
    for (const open of cluster.server.watches('nodes')) open.end();
    await replay.advanceTo(END + 20);
    const text = String(join(await watch.exposition('text'), 'text'));
    assert.equal(sampleValue(text, 'foreshock_collector_success', { collector: 'conditions' }), 0);
  });
});
