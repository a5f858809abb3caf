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
