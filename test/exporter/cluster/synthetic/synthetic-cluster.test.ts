import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeNode, Lease } from '../../../../exporter/cluster/objects.ts';
import { Recorder } from '../recorder.ts';
import { RECORDED_FROM, TestCluster } from '../test-cluster.ts';
import { SyntheticCluster } from './synthetic-cluster.ts';

test('a synthetic cluster is listed whole, and changes', async (t) => {
  const cluster = await TestCluster.start(t);
  const synthetic = new SyntheticCluster(700, 1600, RECORDED_FROM);
  synthetic.load(cluster.server);
  const resources = ['nodes', 'leases', 'pods', 'events'] as const;
  const recorders = new Map(resources.map((resource) => [resource, new Recorder(resource)]));
  cluster.follow(resources, recorders);
  for (const resource of resources) await cluster.caughtUp(resource);
  assert.deepEqual(
    resources.map((resource) => new Set(recorders.get(resource)?.take()).size),
    [700, 700, 1600, 0],
  );
  cluster.server.change('leases', 'MODIFIED', synthetic.renewed(3, RECORDED_FROM + 7.5));
  cluster.server.change('nodes', 'MODIFIED', synthetic.node(3, RECORDED_FROM + 8));
  cluster.server.change('pods', 'MODIFIED', synthetic.pod(3, RECORDED_FROM + 9));
  cluster.server.change('events', 'ADDED', synthetic.event(3, RECORDED_FROM + 9));
  for (const resource of resources) await cluster.caughtUp(resource);
  assert.deepEqual(recorders.get('nodes')?.told, ['modified node-00003@1002']);
  const [lease] = (recorders.get('leases')?.objects ?? []) as Lease[];
  assert.equal(lease?.spec?.renewTime, '2026-11-20T23:49:57.500000Z');
  const [node] = (recorders.get('nodes')?.objects ?? []) as KubeNode[];
  assert.equal(node?.status?.images?.length, 23);
  assert.equal(node?.metadata?.managedFields?.filter(({ time }) => time === '2026-11-20T23:49:58Z').length, 1);
  assert.match(recorders.get('pods')?.told[0] ?? '', /^modified service-3-[0-9a-f]{10}-[0-9a-f]{5}@1003$/);
  assert.match(recorders.get('events')?.told[0] ?? '', /^added service-3-[0-9a-f]{10}-[0-9a-f]{5}\.3@1004$/);
});
