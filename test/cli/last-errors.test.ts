import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { fullPipe } from './full-pipe.ts';

const PROGRAM = fileURLToPath(new URL('./failing-program.js', import.meta.url));

/** What the program logs and does when it fails so: pino's levels are 40 for a warning, 50 for an error, 60 for the end. */
const WAYS: Record<string, { level: number; msg: string; status: number; stdout: string }> = {
  throws: { level: 60, msg: 'unexpected error; exiting', status: 1, stdout: '' },
  rejects: { level: 50, msg: 'unexpected error', status: 0, stdout: 'still here' },
  warns: { level: 40, msg: 'warning of Node.js', status: 0, stdout: 'still here' },
};

for (const [way, expected] of Object.entries(WAYS)) {
  test(`a program that ${way} logs one line`, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, way], { encoding: 'utf8' });
    const [line = '', ...more] = stderr.trim().split('\n');
    assert.deepEqual(more, []);
    const { level, msg, err, error } = JSON.parse(line);
    assert.deepEqual({ level, msg, status, stdout }, expected);
    assert.equal(err?.message ?? error, 'on purpose');
  });
}

test('a program that throws ends, too, when nobody reads why', (t) => {
  const { signal } = spawnSync(process.execPath, [PROGRAM, 'throws'], {
    stdio: ['ignore', 'ignore', fullPipe(t)],
    timeout: 30_000,
    killSignal: 'SIGTERM',
  });
  assert.equal(signal, 'SIGKILL', 'its own');
});
