import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outcomeOf, testFiles } from './run-tests.ts';

const report = (point: string, passed: number) => `TAP version 13\n${point}\n# pass ${passed}\n`;

test('tests that were skipped count as failed', () => {
  const tap = report('ok 1 - images # SKIP no Docker', 3);
  assert.deepEqual(outcomeOf(tap), {
    result: 'failed',
    tests: 3,
    failures: [{ test: 'images', error: 'skipped: no Docker' }],
  });
  assert.deepEqual(outcomeOf(tap, true), { result: 'passed', tests: 3, leftOut: 1 });
});

test('test files are found by how their paths begin', () => {
  const names = (...prefixes: string[]) => testFiles(...prefixes).map((file) => file.split('/dist/test/')[1]);
  assert.deepEqual(names('matrix/run-tests.', 'matrix/tap.'), ['matrix/run-tests.test.js', 'matrix/tap.test.js']);
  assert.deepEqual(names('matrix/systemd-host'), []);
  assert.ok(testFiles().length > 100);
});

test('without any test there is no outcome', async () => {
  assert.throws(() => outcomeOf(report('', 0)), /^Error: no test has run$/);
});
