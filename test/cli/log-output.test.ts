import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { freePort, until } from '../exporter-process.ts';
import { sampleValue } from '../exposition-text.ts';
import { HostTree } from '../failure/host-tree.ts';
import { MAIN } from '../paths.ts';
import { fullPipe } from './full-pipe.ts';

const PROGRAM = fileURLToPath(new URL('./chatty-program.js', import.meta.url));

/** Runs the program with its standard error at a descriptor; `signal` is what ended it. */
function chat(lines: number, stderr: number | 'pipe') {
  const { stdout, signal, output } = spawnSync(process.execPath, [PROGRAM, String(lines)], {
    stdio: ['ignore', 'pipe', stderr],
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    timeout: 60_000,
  });
  return { ...(JSON.parse(stdout) as { dropped: number; ended: boolean }), signal, logged: output[2] ?? '' };
}

test('a reader that reads, and a file, get every line', (t) => {
  const piped = chat(900, 'pipe');
  const file = openIn(t, 'log');
  const written = chat(900, file.descriptor);
  for (const [{ logged, ...result }, text] of [
    [piped, piped.logged],
    [written, readFileSync(file.path, 'utf8')],
  ] as const) {
    assert.deepEqual({ ...result }, { dropped: 0, ended: true, signal: null });
    const lines = text.trim().split('\n');
    assert.deepEqual(
      lines.map((line) => (JSON.parse(line) as { line: number }).line),
      Array.from({ length: 900 }, (_, line) => line),
    );
  }
});

test('a full disk: lines beyond those that wait are counted, and the program ends by itself', (t) => {
  const full = openSync('/dev/full', 'w');
  t.after(() => closeSync(full));
  const { dropped, ended, signal } = chat(3000, full);
  assert.ok(dropped > 1500 && dropped < 3000, String(dropped));
  assert.deepEqual({ ended, signal }, { ended: true, signal: null });
});

test('a pipe that nobody reads: lines beyond those that wait are counted, and the program learns that it hangs', (t) => {
  const { dropped, ended, signal } = chat(3000, fullPipe(t));
  assert.ok(dropped > 1500 && dropped < 3000, String(dropped));
  assert.deepEqual({ ended, signal }, { ended: false, signal: 'SIGKILL' });
});

for (const [about, openFor] of Object.entries({
  'on a full disk': () => openSync('/dev/full', 'w'),
  'in a pipe that nobody reads': fullPipe,
})) {
  test(`the exporter serves while its log is ${about}, and ends at SIGTERM`, async (t) => {
    const tree = new HostTree();
    t.after(() => tree.remove());
    const port = await freePort();
    const flags = [`--web.listen-address=127.0.0.1:${port}`, '--log.level=debug', ...tree.flags];
    const child = spawn(process.execPath, [MAIN, 'node', ...flags], { stdio: ['ignore', 'ignore', openFor(t)] });
    t.after(() => child.kill('SIGKILL'));
    const scrape = async () => {
      const response = await fetch(`http://127.0.0.1:${port}/metrics`).catch(() => undefined);
      return response ? await response.text() : '';
    };
    const succeeded = (text: string) =>
      sampleValue(text, 'foreshock_collector_success', { collector: 'image_filesystem' }) === 1;
    const text = await until(scrape, succeeded, 60);
    assert.equal(sampleValue(text, 'foreshock_log_lines_dropped_total'), 0, 'they wait');
    child.kill('SIGTERM');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    assert.ok(child.exitCode === 0 || child.signalCode === 'SIGKILL', `${child.exitCode} ${child.signalCode}`);
  });
}

function openIn(t: TestContext, name: string): { path: string; descriptor: number } {
  const directory = mkdtempSync(join(tmpdir(), 'foreshock-'));
  const path = join(directory, name);
  const descriptor = openSync(path, 'w');
  t.after(() => {
    closeSync(descriptor);
    rmSync(directory, { recursive: true });
  });
  return { path, descriptor };
}
