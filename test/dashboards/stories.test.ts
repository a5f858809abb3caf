import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Replay } from '../rules/replays/replay.ts';
import { timeOf, worstOf } from './stories.ts';

const replay = (minutes: number, ...expected: Replay['expected']): Replay => ({
  id: '0',
  signature: 'log-storm',
  title: 'a story',
  minutes,
  sick: [],
  expected,
  inhibited: [],
});

test('the worst is where most alerts fire together, for the longest time', () => {
  const alerts = [
    { alert: 'A', from: 10, to: 40 },
    { alert: 'B', from: 12, to: 14 },
    { alert: 'C', from: 20 },
  ];
  assert.deepEqual(worstOf([replay(60, ...alerts)]), { from: timeOf(0), to: timeOf(30) });
  assert.equal(worstOf([replay(60, ...alerts), replay(90, { alert: 'D', from: 12, to: 13 })]).to, timeOf(12));
});
