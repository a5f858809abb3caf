import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { maxOpenFiles } from '../../exporter/open-files.ts';

const LIMITS = `Limit                     Soft Limit           Hard Limit           Units
Max processes             31347                31347                processes
Max open files            1024                 524288               files
`;

test('the soft limit of open files', () => {
  assert.equal(maxOpenFiles(LIMITS), 1024);
  assert.equal(maxOpenFiles(LIMITS.replace('1024  ', 'unlimited')), Number.POSITIVE_INFINITY);
  assert.equal(maxOpenFiles(''), Number.POSITIVE_INFINITY);
  const own = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
  assert.equal(maxOpenFiles(), Number(own));
});
