import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseThreads } from '../../../../exporter/node/kernel/loadavg.ts';

test('threads are the number behind the slash', () => {
  assert.equal(parseThreads('0.41 0.29 0.32 2/345 12345\n'), 345);
  assert.equal(parseThreads('1024.00 900.12 800.00 31000/32767 4194303\n'), 32_767);
});

test('a line of another form tells nothing, not 0', () => {
  const lines = ['', '\n', '0.41 0.29 0.32\n', '0.41 0.29 0.32 2/ 12345\n', '0.41 0.29 0.32 2/-345 12345\n', '2/345\n'];
  for (const line of lines) assert.equal(parseThreads(line), undefined, line);
});
