import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ExporterProcess, startExporter, until } from '../exporter-process.ts';
import { sampleValue } from '../exposition-text.ts';
import { FuseDisk, PAGE_CACHED } from '../failure/fuse-disk.ts';
import { missing } from '../programs.ts';

const LABELS = { daemon: 'kubelet' };

/** Seconds of a block: the exporter looks once a second, so that 10 % are two looks. */
const BLOCK = 20;

test('a kubelet whose disk hangs', { skip: missing(['bindfs'], { root: true }) }, async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'foreshock-daemons-'));
  const disk = new FuseDisk(join(directory, 'disk'), PAGE_CACHED);
  t.after(async () => {
    await disk.remove();
    rmSync(directory, { recursive: true });
  });
  await disk.mount();
  const program = join(directory, 'kubelet');
  copyFileSync('/bin/sh', program);

  writeFileSync(join(disk.source, 'file'), Buffer.alloc(1_000_000));

  // It opens and closes the file while the disk answers: these would wait interruptibly.
  const script = `read go; exec 3< ${disk.mountPoint}/file; echo open; read go; read line <&3; exec 3<&-; read end`;
  const kubelet = startKubelet(t, program, script);
  // The second look would come up to 15 s after the first; this way it comes after 1 s.
  const exporter = await startExporter(['--collector.daemons.schedule=* * * * * *']);
  t.after(() => exporter.stop());
  const before = await totals(exporter, ({ blocked }) => blocked !== undefined);
  assert.deepEqual(before, { blocked: 0, longest: 0 });

  await t.test('its thread-seconds in D are counted to within 10 %', async () => {
    await sleep(2000);
    const seconds = await block(kubelet, disk);
    const { blocked = 0, longest = 0 } = await totals(exporter, (now) => (now.blocked ?? 0) > 0.9 * seconds);
    assert.ok(Math.abs(blocked - seconds) <= 0.1 * seconds, `${blocked} s counted, ${seconds} s seen`);
    assert.ok(Math.abs(longest - seconds) <= 0.1 * seconds, `${longest} s the longest, ${seconds} s seen`);
  });

  await t.test('a restart does not make them fall', async (t) => {
    const { blocked } = await totals(exporter, () => true);
    await end(kubelet);
    startKubelet(t, program, 'read wait');
    const restart = Date.now() / 1000;
    const ranAt = (text: string) =>
      sampleValue(text, 'foreshock_collector_last_success_timestamp_seconds', { collector: 'daemons' }) ?? 0;
    await exporter.scrapeUntil((text) => ranAt(text) > restart, 40);
    assert.equal((await totals(exporter, () => true)).blocked, blocked);
  });
});

/** Has the kubelet read from the disk while it hangs, and resolves to the seconds that it sat in D. */
async function block(kubelet: ChildProcess, disk: FuseDisk): Promise<number> {
  kubelet.stdin?.write('open\n');
  await once(kubelet.stdout ?? kubelet, 'data');
  disk.hang();
  kubelet.stdin?.write('read\n');
  const state = async () => /\) (.)/.exec(readFileSync(`/proc/${kubelet.pid}/stat`, 'utf8'))?.[1];
  await until(state, (letter) => letter === 'D', 10);
  const start = performance.now();
  await sleep(BLOCK * 1000);
  assert.equal(await state(), 'D');
  disk.resume();
  await until(state, (letter) => letter !== 'D', 10);
  return (performance.now() - start) / 1000;
}

/** A shell that is called kubelet. */
function startKubelet(t: TestContext, program: string, script: string): ChildProcess {
  const child = spawn(program, ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => end(child));
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

interface Totals {
  readonly blocked: number | undefined;
  readonly longest: number | undefined;
}

async function totals(exporter: ExporterProcess, accept: (totals: Totals) => boolean): Promise<Totals> {
  const read = (text: string) => ({
    blocked: sampleValue(text, 'foreshock_daemon_blocked_seconds_total', LABELS),
    longest: sampleValue(text, 'foreshock_daemon_longest_block_seconds', LABELS),
  });
  return read(await exporter.scrapeUntil((text) => accept(read(text)), 40));
}
