import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serialize } from 'node:v8';
import type { Inventory } from '../../../../exporter/node/inventory/inventory.ts';
import { LatestInventory } from '../../../../exporter/node/inventory/latest-inventory.ts';

const ID = 'a'.repeat(64);
const inventory = (container: string): Inventory => ({
  containers: [{ id: ID, runtime: 'docker', namespace: '', pod: '', container }],
  pods: [{ uid: 'u', namespace: 'shop', pod: 'cart' }],
  facts: { daemons: { foundAt: 1000, value: [{ daemon: 'kubelet', pid: 42, startTime: 7 }] } },
});

test('what a round found is read once, and anew when the next one found something else', () => {
  const latest = new LatestInventory();
  const first = latest.read(serialize(inventory('one')));
  assert.equal(first.containers.get(ID)?.container, 'one');
  assert.deepEqual(first.facts, inventory('one').facts);
  assert.equal(latest.read(serialize(inventory('one'))), first, 'other bytes of the same round');
  const second = latest.read(serialize(inventory('two')));
  assert.equal(second.containers.get(ID)?.container, 'two');
  assert.equal(latest.read(serialize(inventory('one'))).containers.get(ID)?.container, 'one');
});

test('before the first round nothing is known', () => {
  const latest = new LatestInventory();
  latest.read(serialize(inventory('one')));
  const { containers, facts } = latest.read(undefined);
  assert.deepEqual([containers.containers, facts], [[], {}]);
});
