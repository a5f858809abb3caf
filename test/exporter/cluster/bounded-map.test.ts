import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BoundedMap } from '../../../exporter/cluster/bounded-map.ts';

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
