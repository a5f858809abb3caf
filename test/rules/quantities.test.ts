import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Threshold } from '../../rules/signature.ts';
import { shownDefault, statementsOf } from './quantities.ts';

const threshold = (value: number, unit: Threshold['unit']): Threshold => ({ default: value, unit, help: '' });

for (const [value, unit, shown, statements, others] of [
  [300, 'seconds', '5 min', ['5 minutes', 'five minutes', '300 s', '5-minute'], ['5 s', '15 minutes', '5 minerals']],
  [3600, 'seconds', '1 h', ['an hour', '1 h', '60 minutes'], ['half an hour', 'three hours']],
  [0.1, 'seconds', '0.1 s', ['0.1 s', '0.1 seconds'], ['0.01 s', '10.1 s']],
  [0.05, 'ratio', '5 %', ['5 %', '5%', 'five percent'], ['15 %', '5 GB']],
  [2 ** 30, 'bytes', '1 GiB', ['1 GiB', '1,024 MiB', '1073741824'], ['1 GB', '11 GiB']],
  [5e6, 'bytes/second', '5 MB/s', ['5 MB/s', '5 MB a second', '5,000,000'], ['5 MB', '0.5 MB/s']],
  [2000, 'count', '2,000', ['2000', '2,000', '2000 times'], ['2000.5', '12,000', '2,000 %']],
  [3, 'count', '3', ['three times', '3 times'], ['three', '3']],
  [0.5, 'cores', '0.5 cores', ['half a core', '0.5 cores'], ['half an hour', '1.5 cores']],
] as const) {
  test(`${value} ${unit} is ${shown}, and is found however prose writes it`, () => {
    const declared = threshold(value, unit);
    assert.equal(shownDefault(declared), shown);
    for (const prose of statements) assert.equal(statementsOf(declared, `more than ${prose}, often`).length, 1, prose);
    for (const prose of others) assert.deepEqual(statementsOf(declared, `more than ${prose}, often`), [], prose);
  });
}
