import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ByNode } from '../../../../exporter/cluster/nodes/by-node.ts';
import { nodeChange } from '../changes.ts';

test('events about ten thousand nodes that do not exist keep half of them, and no existing one is lost', () => {
  const nodes = new ByNode(() => ({ seen: 0 }));
  nodes.observe(nodeChange('listed', 'a'));
  nodes.of('a').seen = 1;
  for (let index = 0; index < 10_000; index += 1) nodes.of(`unknown-${index}`).seen = 1;
  assert.deepEqual([...nodes], [['a', { seen: 1 }]]);
  assert.equal(nodes.of('unknown-9999').seen, 1);
  assert.equal(nodes.of('unknown-10').seen, 0);
});
