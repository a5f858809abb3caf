import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Observer } from '../../../../exporter/cluster/watcher.ts';
import { refusal, silence } from '../api-server/faults.ts';
import { type ApiObject, StoredContents } from '../api-server/resource-store.ts';
import { eventually } from '../eventually.ts';
import { Recorder } from '../recorder.ts';
import { TestCluster } from '../test-cluster.ts';

test('every resource is asked for at its place, leases only those of nodes', async (t) => {
  const cluster = await TestCluster.start(t);
  const resources = ['nodes', 'leases', 'events', 'pods'] as const;
  cluster.follow(resources, new Map());
  for (const resource of resources) await cluster.caughtUp(resource);
  const watches = cluster.server.asked.filter(({ verb }) => verb === 'watch');
  const of = (resource: string) => watches.find((asked) => asked.resource === resource);
  assert.deepEqual(
    resources.map((resource) => of(resource)?.path),
    [
      '/api/v1/nodes',
      '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases',
      '/api/v1/events',
      '/api/v1/pods',
    ],
  );
  for (const { query } of watches) assert.equal(query.get('allowWatchBookmarks'), 'true');
  // Half way, with the random number 0.5, between 5 and 10 minutes; events have no bookmarks and so shorter watches.
  assert.deepEqual(
    resources.map((resource) => of(resource)?.query.get('timeoutSeconds')),
    ['450', '450', '120', '450'],
  );
});

test('watchers hear only of what they observe', async (t) => {
  const cluster = await TestCluster.start(t);
  const [nodes, both] = [new Recorder('nodes'), new Recorder('nodes', 'pods')];
  cluster.follow(
    ['nodes', 'pods'],
    new Map([
      ['nodes', nodes],
      ['both', both],
    ]),
  );
  await cluster.caughtUp('nodes');
  await cluster.caughtUp('pods');
  cluster.server.change('pods', 'ADDED', { metadata: { name: 'p', namespace: 'shop' } });
  cluster.server.change('nodes', 'ADDED', { metadata: { name: 'n' } });
  await cluster.caughtUp('nodes');
  await cluster.caughtUp('pods');
  cluster.server.watches('pods')[0]?.close();
  await cluster.phase('pods', 'waiting');
  assert.deepEqual(nodes.told, ['added n@3']);
  assert.deepEqual(both.told.sort(), ['added n@3', 'added p@2', 'interrupted']);
});

test('a watcher that cannot take a change: logged once, the others go on', async (t) => {
  const cluster = await TestCluster.start(t);
  const recorder = new Recorder('nodes');
  const broken: Observer = {
    observe: {
      nodes: () => {
        throw new TypeError('status.conditions is not iterable');
      },
    },
    interrupted: () => {
      throw new Error('nor this');
    },
    samples: () => [],
  };
  cluster.follow(
    ['nodes'],
    new Map([
      ['broken', broken],
      ['recorder', recorder],
    ]),
  );
  await cluster.caughtUp('nodes');
  for (const name of ['a', 'b']) cluster.server.change('nodes', 'ADDED', { metadata: { name } });
  await cluster.caughtUp('nodes');
  cluster.server.reset();
  await cluster.phase('nodes', 'waiting');
  assert.deepEqual(recorder.told, ['added a@2', 'added b@3', 'interrupted']);
  const errors = cluster.logged.filter(({ level }) => level === 50);
  assert.deepEqual(
    errors.map(({ watcher, resource }) => [watcher, resource]),
    [['broken', 'nodes']],
  );
});

test('objects of no sensible shape are passed over', async (t) => {
  const cluster = await TestCluster.start(t);
  const odd = [null, 7, 'text', [], {}, { metadata: null }, { metadata: { name: 7 } }, { metadata: { name: '' } }];
  const contents = { snapshot: () => odd as unknown as ApiObject[], apply: () => {} };
  cluster.server.load('nodes', contents, 100);
  const recorder = new Recorder('nodes');
  cluster.follow(['nodes'], new Map([['recorder', recorder]]));
  await cluster.caughtUp('nodes');
  const [watch] = cluster.server.watches('nodes');
  for (const type of ['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK']) {
    for (const object of odd) watch?.raw(`${JSON.stringify({ type, object })}\n`);
  }
  watch?.raw('\n');
  cluster.server.change('nodes', 'ADDED', { metadata: { name: '__proto__' } });
  await cluster.caughtUp('nodes');
  assert.deepEqual(recorder.told, ['added __proto__@101']);
  assert.deepEqual(cluster.logged, []);
});

test('an object listed again under its name with another uid is another object; the same one is not gone', async (t) => {
  const cluster = await TestCluster.start(t);
  const pod = (namespace: string, name: string, uid: string) => ({ metadata: { name, namespace, uid } });
  cluster.server.load('pods', new StoredContents([pod('a', 'p', '1'), pod('b', 'p', '2'), pod('b', 'q', '3')]), 100);
  const recorder = new Recorder('pods');
  cluster.follow(['pods'], new Map([['recorder', recorder]]));
  await cluster.caughtUp('pods');
  recorder.take();
  cluster.server.load('pods', new StoredContents([pod('a', 'p', '1'), pod('b', 'p', '9')]), 500);
  cluster.clock.advance(10);
  cluster.server.watches('pods')[0]?.end();
  await cluster.phase('pods', 'waiting');
  cluster.clock.advance(1);
  await cluster.caughtUp('pods');
  assert.deepEqual(recorder.told, ['interrupted', 'listed p', 'deleted p', 'listed p', 'deleted q']);
  assert.deepEqual(recorder.objects, [pod('a', 'p', '1'), pod('b', 'p', '2'), pod('b', 'p', '9'), pod('b', 'q', '3')]);
});

test('stopping ends it wherever it is', async (t) => {
  const phases: [string, (cluster: TestCluster) => Promise<unknown>][] = [
    [
      'waiting for an answer',
      async (cluster) => {
        cluster.server.fail('nodes', 'list', silence);
        cluster.follow(['nodes'], new Map());
        await eventually(() => cluster.server.asked.length === 1);
      },
    ],
    [
      'waiting for the next attempt',
      async (cluster) => {
        cluster.server.fail('nodes', 'list', refusal(500, 'InternalError', 'no'));
        cluster.follow(['nodes'], new Map());
        await cluster.phase('nodes', 'waiting');
      },
    ],
    [
      'watching',
      async (cluster) => {
        cluster.follow(['nodes'], new Map());
        await cluster.caughtUp('nodes');
      },
    ],
  ];
  for (const [phase, reach] of phases) {
    await t.test(phase, async (t) => {
      const cluster = await TestCluster.start(t);
      await reach(cluster);
      await cluster.stopFollowing();
      await eventually(() => cluster.server.connections === 0);
      assert.deepEqual(
        cluster.logged.filter(({ level }) => Number(level) > 20),
        [],
      );
    });
  }
});
