import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BoundedMap } from '../../../exporter/cluster/bounded-map.ts';
import { Occurrences } from '../../../exporter/cluster/events/occurrences.ts';
import { Interned } from '../../../exporter/cluster/images/interned.ts';
import { ByNode } from '../../../exporter/cluster/nodes/by-node.ts';
import { eventChange, nodeChange } from './changes.ts';

test('a bounded map forgets what was set longest ago', () => {
  const map = new BoundedMap<string, number>(2);
  map.set('a', 1);
  map.set('b', 2);
  map.set('a', 3);
  map.set('c', 4);
  assert.deepEqual(
    [...map],
    [
      ['a', 3],
      ['c', 4],
    ],
  );
  map.delete('a');
  assert.equal(map.get('a'), undefined);
  map.clear();
  assert.equal(map.size, 0);
});

test('equal values are one, until there are too many', () => {
  const values = new Interned<object>(2);
  const first = values.get('a', () => ({}));
  assert.equal(
    values.get('a', () => ({})),
    first,
  );
  values.get('b', () => ({}));
  values.get('c', () => ({}));
  assert.notEqual(
    values.get('a', () => ({})),
    first,
  );
});

test('events about ten thousand nodes that do not exist keep half of them, and no existing one is lost', () => {
  const nodes = new ByNode(() => ({ seen: 0 }));
  nodes.observe(nodeChange('listed', 'a'));
  nodes.of('a').seen = 1;
  for (let index = 0; index < 10_000; index += 1) nodes.of(`unknown-${index}`).seen = 1;
  assert.deepEqual([...nodes], [['a', { seen: 1 }]]);
  assert.equal(nodes.of('unknown-9999').seen, 1);
  assert.equal(nodes.of('unknown-10').seen, 0);
});

test('counts of events are forgotten with the event, and beyond a limit the oldest', () => {
  const occurrences = new Occurrences();
  const event = (uid: string, count: number) => eventChange('modified', uid, { count });
  for (let index = 0; index < 200_001; index += 1) occurrences.count(event(`${index}`, 5));
  assert.equal(occurrences.count(event('100000', 8)), 3);
  assert.equal(occurrences.count(event('0', 8)), 1, 'forgotten: one of them is new');
  occurrences.count(eventChange('deleted', '100000', {}));
  assert.equal(occurrences.count(event('100000', 9)), 1);
});
