import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { StoredContents } from '../api-server/resource-store.ts';
import { Recorder } from '../recorder.ts';
import { TestCluster } from '../test-cluster.ts';

/** With the random number 0.5: half of the bound after one failure. */
export const FIRST_DELAY = 0.25;

export const node = (name: string, uid = `uid-of-${name}`) => ({ metadata: { name, uid } });

/** A cluster of the nodes a and b at version 100, which are watched, after 20 healthy seconds. */
export async function watching(t: TestContext) {
  const cluster = await TestCluster.start(t);
  cluster.server.load('nodes', new StoredContents([node('a'), node('b')]), 100);
  const recorder = new Recorder('nodes');
  cluster.follow(['nodes'], new Map([['recorder', recorder]]));
  await cluster.caughtUp('nodes');
  assert.deepEqual(recorder.take(), ['listed a', 'listed b']);
  assert.deepEqual(cluster.takeAsked('nodes'), ['list', 'watch@100']);
  cluster.clock.advance(20);
  cluster.server.change('nodes', 'MODIFIED', node('a'));
  await cluster.caughtUp('nodes');
  assert.deepEqual(recorder.take(), ['modified a@101']);
  const [watch] = cluster.server.watches('nodes');
  assert.ok(watch);
  return { cluster, recorder, watch };
}
