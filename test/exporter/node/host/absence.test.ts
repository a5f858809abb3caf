import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAbsence } from '../../../../exporter/node/host/absence.ts';

test('absence is what happens to files, processes and cgroups', () => {
  const withCode = (code: string) => Object.assign(new Error(code), { code });
  for (const code of ['ENOENT', 'ENOTDIR', 'ESRCH', 'ENODEV']) assert.equal(isAbsence(withCode(code)), true, code);
  for (const other of [withCode('EACCES'), withCode('EIO'), new Error('ENOENT'), undefined, 'ENOENT']) {
    assert.equal(isAbsence(other), false);
  }
});
