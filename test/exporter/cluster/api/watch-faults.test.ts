import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hangUp, refusal, silence, text } from '../api-server/faults.ts';
import { StoredContents } from '../api-server/resource-store.ts';
import { eventually } from '../eventually.ts';
import { FIRST_DELAY, node, watching } from './watched-nodes.ts';

test('a watch that ends in the midst of a line: the half is no event, and nothing is missed', async (t) => {
  const { cluster, recorder, watch } = await watching(t);
  watch.raw('{"type":"DELETED","object":{"metadata":{"name":"a"}}}');
  watch.end();
  await eventually(() => cluster.server.asked.length === 1);
  await cluster.caughtUp('nodes');
  assert.deepEqual(recorder.take(), []);
  assert.deepEqual(cluster.takeAsked('nodes'), ['watch@101']);
  assert.deepEqual(cluster.logged, []);
});

test('a watch that ended as it should, and goes on only after six seconds, was interrupted', async (t) => {
  const { cluster, recorder, watch } = await watching(t);
  let proceed: (() => void) | undefined;
  cluster.server.fail('nodes', 'watch', (_, continues) => {
    proceed = continues;
  });
  watch.end();
  await eventually(() => proceed);
  cluster.clock.advance(6);
  assert.deepEqual(recorder.take(), []);
  proceed?.();
  await cluster.caughtUp('nodes');
  assert.deepEqual(recorder.take(), ['interrupted']);
});

test('a watch that the server ends at once counts as failed, or it would be asked for without end', async (t) => {
  const { cluster, recorder, watch } = await watching(t);
  const endAtOnce = text(200, '');
  cluster.server.fail('nodes', 'watch', endAtOnce, endAtOnce);
  watch.end();
  await cluster.phase('nodes', 'waiting');
  assert.deepEqual(recorder.take(), ['interrupted']);
  assert.deepEqual(cluster.takeAsked('nodes'), ['watch@101']);
  cluster.clock.advance(FIRST_DELAY);
  await eventually(() => cluster.reflector('nodes').status.error);
  assert.match(cluster.reflector('nodes').status.error ?? '', /ended the watch within 1 s/);
  cluster.clock.advance(2 * FIRST_DELAY);
  await cluster.caughtUp('nodes');
});

test('silence: the watch is given up after 150 s and resumed', async (t) => {
  const { cluster, recorder, watch } = await watching(t);
  watch.silence();
  cluster.clock.advance(149);
  cluster.server.change('nodes', 'MODIFIED', node('a'));
  await cluster.caughtUp('nodes');
  assert.deepEqual(recorder.take(), ['modified a@102']);
  cluster.clock.advance(150);
  await cluster.phase('nodes', 'waiting');
  assert.deepEqual(recorder.take(), ['interrupted']);
  assert.equal(cluster.reflector('nodes').status.timeouts, 1);
  cluster.clock.advance(FIRST_DELAY);
  await cluster.caughtUp('nodes');
  assert.deepEqual(cluster.takeAsked('nodes'), ['watch@102']);
});

test('bookmarks keep a quiet watch alive and move the place where it is resumed', async (t) => {
  const { cluster, recorder } = await watching(t);
  cluster.server.skipTo(700);
  for (let minute = 0; minute < 4; minute++) {
    cluster.clock.advance(60);
    await cluster.caughtUp('nodes');
  }
  assert.deepEqual(recorder.take(), []);
  const { resourceVersion, lastEventAt } = cluster.reflector('nodes').status;
  assert.deepEqual([resourceVersion, lastEventAt], ['700', cluster.clock.now()]);
  cluster.server.reset();
  await cluster.phase('nodes', 'waiting');
  cluster.clock.advance(FIRST_DELAY);
  await cluster.caughtUp('nodes');
  assert.deepEqual(cluster.takeAsked('nodes'), ['watch@700']);
});

test('a version too old for the window, and a watch refused with 410: both are listed again', async (t) => {
  const { cluster, recorder, watch } = await watching(t);
  cluster.server.load('nodes', new StoredContents([node('a')]), 900);
  watch.end();
  await cluster.phase('nodes', 'waiting');
  cluster.server.fail('nodes', 'watch', refusal(410, 'Gone', 'too old'));
  cluster.clock.advance(FIRST_DELAY);
  await eventually(() => cluster.server.asked.length === 3);
  await cluster.phase('nodes', 'waiting');
  cluster.clock.advance(30);
  await cluster.caughtUp('nodes');
  assert.deepEqual(cluster.takeAsked('nodes'), ['watch@101', 'list', 'watch@900', 'list', 'watch@900']);
  assert.deepEqual(recorder.take(), ['interrupted', 'listed a', 'deleted b', 'listed a']);
});

test('a version that the server does not know yet, as after a restore: listed again', async (t) => {
  const { cluster, watch } = await watching(t);
  cluster.server.fail('nodes', 'watch', refusal(504, 'Timeout', 'Too large resource version: 101, current: 50'));
  watch.end();
  await cluster.phase('nodes', 'waiting');
  cluster.clock.advance(FIRST_DELAY);
  await cluster.caughtUp('nodes');
  assert.deepEqual(cluster.takeAsked('nodes').slice(1), ['list', 'watch@101']);
});

test('no answer to a watch: given up after 30 s', async (t) => {
  const { cluster, watch } = await watching(t);
  cluster.server.fail('nodes', 'watch', silence);
  watch.end();
  await eventually(() => cluster.server.asked.length === 1);
  cluster.clock.advance(30);
  await cluster.phase('nodes', 'waiting');
  assert.equal(cluster.reflector('nodes').status.timeouts, 1);
  cluster.clock.advance(FIRST_DELAY);
  await cluster.caughtUp('nodes');
});

test('an idle connection that the server closes when it is used again is no failure', async (t) => {
  const { cluster, recorder, watch } = await watching(t);
  cluster.server.fail('nodes', 'watch', hangUp);
  watch.end();
  await eventually(() => cluster.server.asked.length === 2);
  await cluster.caughtUp('nodes');
  assert.deepEqual(recorder.take(), []);
  assert.deepEqual(cluster.logged, []);
});

test('a server that is away: asked less and less often, and told once', async (t) => {
  const { cluster, recorder } = await watching(t);
  await cluster.server.stop();
  await cluster.phase('nodes', 'waiting');
  const delays: number[] = [];
  for (let attempt = 1; attempt <= 9; attempt++) {
    const at = cluster.clock.now();
    cluster.clock.advanceTo(cluster.clock.next);
    delays.push(cluster.clock.now() - at);
    await eventually(() => cluster.clock.next < Number.POSITIVE_INFINITY);
  }
  assert.deepEqual(
    delays.map((delay) => Math.round(delay * 100) / 100),
    [0.25, 0.5, 1, 2, 4, 8, 15, 15, 15],
  );
  await cluster.phase('nodes', 'waiting');
  assert.match(cluster.reflector('nodes').status.error ?? '', /ECONNREFUSED 127\.0\.0\.1/);
  await cluster.server.start();
  cluster.clock.advance(30);
  await cluster.caughtUp('nodes');
  assert.deepEqual(recorder.take(), ['interrupted']);
  assert.equal(cluster.reflector('nodes').status.error, undefined);
  assert.deepEqual(
    cluster.logged.map(({ msg }) => msg),
    ['list or watch failed, retrying', 'list or watch failed; the last values are kept', 'recovered'],
  );
});
