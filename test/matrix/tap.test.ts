import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parseTap } from './tap.ts';

/** What this Node.js reports of a test file. */
function reportOf(t: TestContext, ...lines: readonly string[]): string {
  const directory = mkdtempSync(join(tmpdir(), 'foreshock-tap-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const file = join(directory, 'some.test.mjs');
  writeFileSync(file, ["import { test } from 'node:test';", ...lines].join('\n'));
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  return spawnSync(process.execPath, ['--test', '--test-reporter=tap', file], { encoding: 'utf8', env }).stdout;
}

test('tests that pass', (t) => {
  const report = reportOf(t, "test('a', () => {});", "test('b', async (t) => t.test('c', () => {}));");
  assert.deepEqual(parseTap(report), { passed: 3, failures: [], skipped: [] });
});

test('failures are named with the tests around them, and those around them are not', (t) => {
  const report = reportOf(
    t,
    "test('the host', async (t) => {",
    "  await t.test('has pids', () => {});",
    "  await t.test('has logs # \\\\ of', async (t) => {",
    "    await t.test('Docker', () => { throw new Error('12 bytes\\nand more') });",
    '  });',
    '});',
    "test('another', () => { throw new Error('none') });",
  );
  const { passed, failures, skipped } = parseTap(report);
  assert.deepEqual([passed, skipped], [1, []]);
  assert.deepEqual(
    failures.map((failure) => failure.test),
    ['the host > has logs # \\ of > Docker', 'another'],
  );
  assert.match(failures[0]?.error ?? '', /error: \|-\n {2}12 bytes\n {2}and more\n/);
  assert.match(failures[1]?.error ?? '', /^error: 'none'$/m);
});

test('a test that is skipped, and why', (t) => {
  const { passed, skipped } = parseTap(reportOf(t, "test('a', { skip: 'no Docker' }, () => {});", "test.skip('b');"));
  assert.equal(passed, 0);
  assert.deepEqual(skipped, [
    { test: 'a', error: 'no Docker' },
    { test: 'b', error: '' },
  ]);
});

test('a report without an end is no report', (t) => {
  const report = reportOf(t, "test('a', () => {});");
  assert.throws(() => parseTap(report.slice(0, report.indexOf('# pass'))), /^Error: the tests ended early: /);
  assert.throws(() => parseTap(''), /^Error: the tests ended early: /);
});
