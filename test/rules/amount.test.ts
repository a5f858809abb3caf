import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amount } from '../../rules/amount.ts';

test('amounts have their unit', () => {
  for (const [value, unit, text] of [
    [14_400, 'seconds', '4 h'],
    [0.6, 'ratio', '60 %'],
    [0.85 - 0.05, 'ratio', '80 %'],
    [2 ** 30, 'bytes', '1 GiB'],
    [5e6, 'bytes/second', '5 MB/s'],
    [10_000, 'pages/second', '10,000 pages/s'],
    [1, 'cores', '1 core'],
    [0.5, 'cores', '0.5 cores'],
    [32_768, 'count', '32,768'],
    [0.3, 'count', '0.3'],
  ] as const) {
    assert.equal(amount(value, unit), text);
  }
});
