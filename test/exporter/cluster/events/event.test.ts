import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countOf, messageOf, nodeOf } from '../../../../exporter/cluster/events/event.ts';

test('a name that no node can have is none, wherever it stands', () => {
  const longest = 'n'.repeat(253);
  const places = (host: string) => [
    { involvedObject: { kind: 'Node', name: host } },
    { source: { host } },
    { reportingInstance: host },
  ];
  for (const event of places(longest)) assert.equal(nodeOf(event), longest);
  for (const event of places(`${longest}n`)) assert.equal(nodeOf(event), undefined);
});

test('of a long message only the beginning is read', () => {
  assert.equal(messageOf({ message: `Pulling image "a"${' image "'.repeat(100_000)}` }).length, 4096);
  assert.equal(messageOf({ message: 7 }), '');
});

test('a count is a claim, and at least one', () => {
  const counts = [3, 2 ** 60, -5, 1.5, '9', undefined].map((count) => countOf({ count }));
  assert.deepEqual(counts, [3, 1, 1, 1, 1, 1]);
  assert.equal(countOf({ count: 1, series: { count: 8 } }), 8);
});
