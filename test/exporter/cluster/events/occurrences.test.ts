import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Occurrences } from '../../../../exporter/cluster/events/occurrences.ts';
import { eventChange } from '../changes.ts';

test('counts of events are forgotten with the event, and beyond a limit the oldest', () => {
  const occurrences = new Occurrences();
  const event = (uid: string, count: number) => eventChange('modified', uid, { count });
  for (let index = 0; index < 200_001; index += 1) occurrences.count(event(`${index}`, 5));
  assert.equal(occurrences.count(event('100000', 8)), 3);
  assert.equal(occurrences.count(event('0', 8)), 1, 'forgotten: one of them is new');
  occurrences.count(eventChange('deleted', '100000', {}));
  assert.equal(occurrences.count(event('100000', 9)), 1);
});

test('a claim of more occurrences than are plausible counts as 10,000, and total counts stay exact', () => {
  const occurrences = new Occurrences();
  const claim = (type: 'added' | 'modified', count: number) => occurrences.count(eventChange(type, 'e', { count }));
  assert.equal(claim('added', Number.MAX_SAFE_INTEGER), 10_000);
  assert.equal(claim('modified', 1), 0);
  assert.equal(claim('modified', 2 ** 53), 0, 'not an integer that is exact: one occurrence');
  assert.equal(claim('modified', 10_001), 10_000);
  assert.equal(occurrences.implausible, 1);
  assert.equal(claim('modified', 10_002), 1);
  assert.equal(claim('modified', Number.MAX_SAFE_INTEGER), 10_000);
  assert.equal(occurrences.implausible, 2);
});
