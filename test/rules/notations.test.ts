import assert from 'node:assert/strict';
import { test } from 'node:test';
import { notationsOf } from './notations.ts';

for (const [value, unit, found, others] of [
  [
    300,
    'seconds',
    ['5 minutes', 'five minutes', '5 min', '300 s', '5-minute', '300'],
    ['5 s', '15 minutes', '1,300 s'],
  ],
  [3600, 'seconds', ['an hour', 'One hour', '1 h', '60 minutes'], ['half an hour', 'three hours', 'an hourglass']],
  [14_400, 'seconds', ['four hours', '4 h', '240 min', '14,400'], ['24 hours', '4 min']],
  [40, 'seconds', ['40s', '40 seconds'], ['140 s', '40.5 s', '40 min']],
  [1, 'seconds', ['a second', '1 s'], ['as', 'sa second']],
  [0.1, 'seconds', ['0.1 s', '0.1 seconds', '100 ms'], ['0.01 s', '10.1 s']],
  [0.6, 'ratio', ['60 %', '60%', '0.6', '40 %'], ['60 s', '160 %', '10.6', '0.6 s']],
  [0.9, 'ratio', ['90 %', 'a tenth', '90 percent'], ['a tent', '9 %']],
  [0.05, 'ratio', ['5 %', 'five percent', '95 %'], ['15 %', '5 GB']],
  [2 ** 30, 'bytes', ['1 GiB', '1GiB', '1,024 MiB', '1073741824'], ['1 GB', '11 GiB']],
  [5e6, 'bytes/second', ['5 MB/s', '5 MB a second', '5,000,000'], ['5 MB', '0.5 MB/s']],
  [2000, 'count', ['2000', '2,000', '2000 times'], ['2000.5', '12,000', '2,000 %']],
  [3, 'count', ['three times', '3 times'], ['three', '3']],
  [2, 'count', ['more than once', 'two times', '2 times'], ['once', '2']],
  [0.5, 'cores', ['half a core', '0.5 cores'], ['half an hour', '1.5 cores']],
] as const) {
  test(`${value} ${unit} in prose`, () => {
    for (const text of found) assert.match(`after ${text}, often`, notationsOf(value, unit), text);
    for (const text of others) assert.doesNotMatch(`after ${text}, often`, notationsOf(value, unit), text);
  });
}
