import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FakeApiServer } from '../api-server/fake-api-server.ts';
import { status } from '../api-server/faults.ts';
import type { LiveWatch } from '../api-server/live-watch.ts';
import { StoredContents } from '../api-server/resource-store.ts';
import { FIRST_DELAY, node, watching } from './watched-nodes.ts';

/** Breaks that leave the place in the stream known. */
const RESUMED: [what: string, act: (watch: LiveWatch, server: FakeApiServer) => void][] = [
  ['a reset connection', (_, server) => server.reset()],
  ['a connection closed between two events', (watch) => watch.close()],
  [
    'a connection closed in the midst of a line',
    (watch) => {
      watch.raw('{"type":"MODIFIED","object":{"metadata":{"name":"a","resour');
      watch.close();
    },
  ],
  [
    'an ERROR event of an overloaded server',
    (watch) => watch.send({ type: 'ERROR', object: status(500, 'InternalError', 'etcdserver: request timed out') }),
  ],
];

for (const [what, act] of RESUMED) {
  test(`${what}: the watch is resumed where it broke, after a pause`, async (t) => {
    const { cluster, recorder, watch } = await watching(t);
    act(watch, cluster.server);
    await cluster.phase('nodes', 'waiting');
    assert.deepEqual(recorder.take(), ['interrupted']);
    cluster.server.change('nodes', 'MODIFIED', node('b'));
    assert.deepEqual(cluster.takeAsked('nodes'), []);
    cluster.clock.advance(FIRST_DELAY);
    await cluster.caughtUp('nodes');
    assert.deepEqual(recorder.take(), ['modified b@102']);
    assert.deepEqual(cluster.takeAsked('nodes'), ['watch@101']);
    const { error, timeouts } = cluster.reflector('nodes').status;
    assert.deepEqual([error, timeouts], [undefined, 0]);
    assert.deepEqual(
      cluster.logged.map(({ msg }) => msg),
      ['list or watch failed, retrying'],
    );
    const [next] = cluster.server.watches('nodes');
    assert.ok(next);
    act(next, cluster.server);
    await cluster.phase('nodes', 'waiting');
    assert.deepEqual(recorder.take(), ['interrupted']);
  });
}

/** Breaks after which only a new list helps. */
const RELISTED: [what: string, act: (watch: LiveWatch) => void][] = [
  ['a line that is not JSON', (watch) => watch.raw('upstream connect error\n')],
  ['an event of an unknown type', (watch) => watch.send({ type: 'RENAMED', object: node('a') })],
  ['JSON that is no event', (watch) => watch.raw('null\n')],
  ['a line without end', (watch) => watch.raw('x'.repeat(17 * 1024 * 1024))],
  [
    'an ERROR event that the version has expired',
    (watch) => watch.send({ type: 'ERROR', object: status(410, 'Expired', 'too old resource version: 101 (900)') }),
  ],
];

for (const [what, act] of RELISTED) {
  test(`${what}: everything is listed again, and what is gone is told`, async (t) => {
    const { cluster, recorder, watch } = await watching(t);
    act(watch);
    await cluster.phase('nodes', 'waiting');
    cluster.server.load('nodes', new StoredContents([node('b', 'another'), node('c')]), 500);
    cluster.clock.advance(FIRST_DELAY);
    await cluster.caughtUp('nodes');
    assert.deepEqual(recorder.told, ['interrupted', 'deleted b', 'listed b', 'listed c', 'deleted a']);
    assert.deepEqual(recorder.objects, [node('b'), node('b', 'another'), node('c'), node('a')]);
    assert.deepEqual(cluster.takeAsked('nodes'), ['list', 'watch@500']);
  });
}
