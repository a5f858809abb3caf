import assert from 'node:assert/strict';
import { test } from 'node:test';
import { median, quantile, summaryOf } from '../../bench/statistics.ts';

test('the median', () => {
  assert.equal(median([7]), 7);
  assert.equal(median([10, 9, 100]), 10);
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(median([]), Number.NaN);
});

test('the least and the most', () => {
  const values = [30, 100, 2];
  assert.deepEqual(summaryOf(values), { median: 30, min: 2, max: 100 });
  assert.deepEqual(values, [30, 100, 2]);
});

test('quantiles are values that were measured', () => {
  const values = Array.from({ length: 200 }, (_, index) => 200 - index);
  assert.equal(quantile(values, 0.5), 100);
  assert.equal(quantile(values, 0.99), 198);
  assert.equal(quantile(values, 1), 200);
  assert.equal(quantile([5], 0.01), 5);
  assert.equal(quantile([], 0.5), Number.NaN);
});
