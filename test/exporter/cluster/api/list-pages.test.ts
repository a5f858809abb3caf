import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type Fault, refusal } from '../api-server/faults.ts';
import { StoredContents } from '../api-server/resource-store.ts';
import { Recorder } from '../recorder.ts';
import { TestCluster } from '../test-cluster.ts';

const node = (name: string) => ({ metadata: { name, uid: `uid-of-${name}` } });
const names = (count: number) => Array.from({ length: count }, (_, index) => `node-${String(index).padStart(4, '0')}`);

/** A cluster with 1,234 nodes, listed in three pages. */
async function paging(t: TestContext, ...faults: Fault[]) {
  const cluster = await TestCluster.start(t);
  cluster.server.load('nodes', new StoredContents(names(1234).map(node)), 100);
  cluster.server.fail('nodes', 'list', ...faults);
  const recorder = new Recorder('nodes');
  cluster.follow(['nodes'], new Map([['recorder', recorder]]));
  return { cluster, recorder };
}

const proceed: Fault = (_, continues) => continues();

test('a list comes in pages of 500, compressed, and shows one moment', async (t) => {
  const { cluster, recorder } = await paging(t, proceed, (_, continues) => {
    cluster.server.change('nodes', 'DELETED', node('node-0700'));
    cluster.server.change('nodes', 'ADDED', node('node-9999'));
    continues();
  });
  await cluster.caughtUp('nodes');
  const lists = cluster.server.asked.filter(({ verb }) => verb === 'list');
  assert.deepEqual(
    lists.map(({ query }) => [query.get('limit'), query.has('continue'), query.has('resourceVersion')]),
    [
      ['500', false, false],
      ['500', true, false],
      ['500', true, false],
    ],
  );
  for (const { headers } of lists) assert.equal(headers['accept-encoding'], 'gzip');
  const [watch] = cluster.server.asked.filter(({ verb }) => verb === 'watch');
  assert.equal(watch?.query.get('resourceVersion'), '100');
  assert.equal(watch?.headers['accept-encoding'], undefined);
  const listed = names(1234).map((name) => `listed ${name}`);
  assert.deepEqual(recorder.told, [...listed, 'deleted node-0700@101', 'added node-9999@102']);
});

test('a page that fails is asked for again, not the whole list', async (t) => {
  const { cluster, recorder } = await paging(t, proceed, refusal(500, 'InternalError', 'once'));
  await cluster.phase('nodes', 'waiting');
  cluster.clock.advance(0.25);
  await cluster.caughtUp('nodes');
  assert.deepEqual(cluster.takeAsked('nodes'), ['list', 'list', 'list', 'list', 'watch@100']);
  assert.deepEqual(
    recorder.told,
    names(1234).map((name) => `listed ${name}`),
  );
});

test('a continue token that expires between two pages: the list begins anew', async (t) => {
  const { cluster, recorder } = await paging(t, proceed, (_, continues) => {
    cluster.server.pages.expire();
    cluster.server.load('nodes', new StoredContents([node('node-0001'), node('z')]), 300);
    continues();
  });
  await cluster.phase('nodes', 'waiting');
  assert.equal(recorder.take().length, 500);
  assert.equal(cluster.reflector('nodes').status.synced, false);
  cluster.clock.advance(0.25);
  await cluster.caughtUp('nodes');
  const gone = names(500).filter((name) => name !== 'node-0001');
  assert.deepEqual(recorder.take(), ['listed node-0001', 'listed z', ...gone.map((name) => `deleted ${name}`)]);
  assert.equal(cluster.reflector('nodes').status.resourceVersion, '300');
});
