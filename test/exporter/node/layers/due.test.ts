import assert from 'node:assert/strict';
import { test } from 'node:test';
import { walkPriority } from '../../../../exporter/node/layers/due.ts';

const MIB = 1024 ** 2;
const HOUR = 3600;

interface Case {
  readonly about: string;
  readonly age: number;
  readonly seconds?: number;
  readonly before: { cpu?: number; written?: number };
  readonly now: { cpu?: number; written?: number };
  readonly walkPriority: number;
}

const CASES: Case[] = [
  { about: 'has not run', age: HOUR, before: { cpu: 5, written: 0 }, now: { cpu: 5, written: 0 }, walkPriority: 0 },
  {
    about: 'has not run, long ago',
    age: 6 * HOUR,
    before: { cpu: 5, written: 0 },
    now: { cpu: 5, written: 0 },
    walkPriority: 1,
  },
  { about: 'was not running', age: HOUR, before: {}, now: {}, walkPriority: 0 },
  { about: 'was not running, long ago', age: 6 * HOUR, before: {}, now: {}, walkPriority: 1 },
  { about: 'has ended', age: 60, before: { cpu: 5, written: 7 }, now: {}, walkPriority: 1 },
  { about: 'has started', age: 60, before: {}, now: { cpu: 5, written: 7 }, walkPriority: 1 },
  {
    about: 'ran and wrote little',
    age: 60,
    before: { cpu: 5, written: 0 },
    now: { cpu: 6, written: MIB - 1 },
    walkPriority: 0,
  },
  {
    about: 'ran and wrote little, a while ago',
    age: 600,
    before: { cpu: 5, written: 0 },
    now: { cpu: 6, written: 0 },
    walkPriority: 1,
  },
  {
    about: 'wrote',
    age: 60,
    before: { cpu: 5, written: MIB },
    now: { cpu: 6, written: 3 * MIB },
    walkPriority: 2 * MIB,
  },
  {
    about: 'lost a process that had written',
    age: 60,
    before: { cpu: 5, written: 9 * MIB },
    now: { cpu: 6, written: MIB },
    walkPriority: 1,
  },
  { about: 'writes unseen', age: 60, before: { cpu: 5 }, now: { cpu: 6 }, walkPriority: 1 },
  {
    about: 'wrote, but its walk took long',
    age: 60,
    seconds: 7,
    before: { cpu: 5, written: 0 },
    now: { cpu: 6, written: 9 * MIB },
    walkPriority: 0,
  },
  {
    about: 'wrote, and its walk took long',
    age: 70,
    seconds: 7,
    before: { cpu: 5, written: 0 },
    now: { cpu: 6, written: 9 * MIB },
    walkPriority: 9 * MIB,
  },
];

const activity = ({ cpu, written }: Case['now']) => ({ cpu, written });

for (const { about, age, seconds = 1, before, now, walkPriority: expected } of CASES) {
  test(`a layer whose container ${about}`, () => {
    assert.equal(walkPriority({ at: 1000, seconds, activity: activity(before) }, activity(now), 1000 + age), expected);
  });
}

test('a layer that was never walked comes first', () => {
  assert.equal(walkPriority(undefined, { cpu: undefined, written: undefined }, 0), Infinity);
});
