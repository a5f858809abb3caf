import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytes, duration, percent } from '../../rules/format.ts';

test('durations have at most two units', () => {
  for (const [seconds, text] of [
    [0, '0 s'],
    [0.0015, '1.5 ms'],
    [0.1, '100 ms'],
    [1, '1 s'],
    [12.345, '12.3 s'],
    [50, '50 s'],
    [60, '1 min'],
    [77, '77 s'],
    [150, '2 min 30 s'],
    [900, '15 min'],
    [3599.7, '60 min'],
    [3600, '1 h'],
    [4108, '1 h 8 min'],
    [14_400, '4 h'],
    [86_400, '1 d'],
    [200_000, '2 d 8 h'],
  ] as const) {
    assert.equal(duration(seconds), text);
  }
});

test('durations of rule files', () => {
  assert.deepEqual(
    [duration('30s'), duration('10m'), duration('6h'), duration('1d')],
    ['30 s', '10 min', '6 h', '1 d'],
  );
});

test('bytes are binary where that is even', () => {
  for (const [value, text] of [
    [0, '0 B'],
    [999, '999 B'],
    [2 ** 29, '512 MiB'],
    [2 ** 30, '1 GiB'],
    [1000, '1 kB'],
    [1e8 + 1, '100 MB'],
    [5e6, '5 MB'],
    [1e9, '1 GB'],
    [2e9, '2 GB'],
    [5_766_938_625, '5.77 GB'],
  ] as const) {
    assert.equal(bytes(value), text);
  }
});

test('ratios are percent', () => {
  assert.deepEqual([0.6, 0.05, 0.0075, 1 / 3, 1].map(percent), ['60 %', '5 %', '0.75 %', '33.3 %', '100 %']);
});
