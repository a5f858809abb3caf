import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Replay } from '../rules/replays/replay.ts';
import { timeOf, worstMinute, worstOf } from './stories.ts';

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
  const short = { alert: 'B', from: 12, to: 14 };
  assert.equal(worstMinute(replay(60, { alert: 'A', from: 10, to: 40 }, short, { alert: 'C', from: 20 })), 30);
  assert.equal(worstMinute(replay(60, { alert: 'A', from: 10 }, short)), 13);
  assert.equal(worstMinute(replay(60, { alert: 'A', from: 41 })), 51);
});

test('replays are at their worst at the same time', () => {
  const early = replay(60, { alert: 'A', from: 10, to: 20 });
  const late = replay(180, { alert: 'A', from: 160, to: 180 });
  assert.equal(timeOf(early, 15), timeOf(late, 170));
  assert.deepEqual(worstOf([early, late]), { from: timeOf(late, 0), to: timeOf(late, 170) });
});
