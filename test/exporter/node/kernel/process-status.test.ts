import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseNamespacePids, parseUids } from '../../../../exporter/node/kernel/process-status.ts';

const STATUS =
  'Name:\tUid:\t7\nState:\tS (sleeping)\nUid:\t1000\t0\t0\t1000\nGid:\t5\t5\t5\t5\nNSpid:\t900\t12\t1\nNSsid:\t0\n';

test('the users of a process, and its ids by namespace', () => {
  assert.deepEqual(parseUids(STATUS), [1000, 0, 0, 1000]);
  assert.deepEqual(parseNamespacePids(STATUS), [900, 12, 1]);
});

test('a status without these lines tells neither', () => {
  for (const text of ['', 'Name:\tkubelet\n', 'NSpid:\t\nUid:\tx\n']) {
    assert.deepEqual([parseUids(text), parseNamespacePids(text)], [[], []], text);
  }
});

test('the status of this process', () => {
  const status = readFileSync('/proc/self/status', 'utf8');
  assert.equal(parseUids(status)[1], process.geteuid?.());
  assert.equal(parseNamespacePids(status).at(-1), process.pid);
});
