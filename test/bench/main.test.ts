import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { benches } from '../../bench/index.ts';
import { PROJECT } from '../paths.ts';

interface Ended {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
  /** What it left in its folder for temporary files. */
  readonly left: readonly string[];
}

function bench(t: TestContext, ...args: readonly string[]): Promise<Ended> {
  const folder = mkdtempSync(join(tmpdir(), 'foreshock-bench-test-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const options = { cwd: PROJECT, env: { ...process.env, TMPDIR: folder } };
  return new Promise((resolve) => {
    execFile(process.execPath, ['dist/bench/main.js', ...args], options, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr, left: readdirSync(folder) }),
    );
  });
}

test('this tree in turn with the build of a commit', async (t) => {
  const { code, stdout, stderr, left } = await bench(t, 'healthcheck', '--against=HEAD', '--rounds=1');
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^## healthcheck\n\n.+, \d+ cores, \d+ GiB; Linux \S+; Node\.js v\d+\.\d+\.\d+\n/);
  assert.match(stdout, /\nThis tree is [\da-f]{7,}(-dirty)?, HEAD is [\da-f]{7,}; one round\.\n/);
  const row = /^\| CPU of a health check \| (\S+) ms +\| (\S+) ms +\| (\S+) +\| node -e 0: (\S+) ms/m.exec(stdout);
  const [own, reference, ratio, peer] = (row ?? []).slice(1).map(Number);
  assert.ok(own && reference && ratio && peer, stdout);
  assert.ok(Math.abs(ratio - own / reference) < 0.01, stdout);
  assert.deepEqual(left, []);
});

test('a commit that git does not know', async (t) => {
  const { code, stdout, stderr, left } = await bench(t, 'healthcheck', '--against=no-such-commit');
  assert.equal(code, 1);
  assert.equal(stdout, '');
  assert.match(stderr, /no-such-commit/);
  assert.deepEqual(left, []);
});

test('an unknown bench', async (t) => {
  assert.deepEqual(await bench(t, 'x'), {
    code: 1,
    stdout: '',
    stderr: `bench: no bench is called x: they are ${benches.map(({ name }) => name).join(', ')}\n`,
    left: [],
  });
});
