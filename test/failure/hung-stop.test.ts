import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { foreshock } from '../cli/command-line.ts';
import { freePort, until } from '../exporter-process.ts';
import { sampleValue } from '../exposition-text.ts';
import { MAIN } from '../paths.ts';
import { missing } from '../programs.ts';
import { HostOnDisk } from './host-on-disk.ts';
import { LOGS } from './places-on-disk.ts';

const skip = missing(['bindfs'], { root: true });

describe('an end while a disk hangs', { skip, concurrency: true }, () => {
  test('SIGTERM: the exporter ends by SIGKILL', async (t) => {
    const host = new HostOnDisk(t, LOGS);
    await host.mount();
    const exporter = await host.startExporter();
    await host.hangBetweenRuns();
    await host.untilStuck();
    exporter.process.kill('SIGTERM');
    await untilEnded(exporter.process);
    assert.equal(exporter.process.signalCode, 'SIGKILL');
    assert.match(exporter.log(), /a collector hangs in the kernel; exiting by SIGKILL/);
  });

  test('--once: all the rest is printed', async (t) => {
    const host = new HostOnDisk(t, LOGS);
    await host.mount();
    host.disk.hang();
    const { stdout } = await foreshock(['node', '--once', ...host.flags]);
    assert.equal(sampleValue(stdout, 'foreshock_collector_success', { collector: 'container_logs' }), 0);
    for (const collector of host.others) {
      assert.equal(sampleValue(stdout, 'foreshock_collector_success', { collector }), 1, collector);
    }
    assert.equal(sampleValue(stdout, 'foreshock_build_info'), 1, 'what is printed last');
  });

  /** A process of that id takes no SIGKILL from itself. */
  test('SIGTERM: an exporter that is process 1 ends too', { skip: noNamespaces() }, async (t) => {
    const host = new HostOnDisk(t, LOGS);
    await host.mount();
    host.disk.hang();
    const listen = `--web.listen-address=127.0.0.1:${await freePort()}`;
    const outer = spawn(
      'unshare',
      ['--pid', '--fork', '--kill-child', process.execPath, MAIN, 'node', listen, ...host.flags],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    t.after(() => outer.kill('SIGKILL'));
    let log = '';
    outer.stderr.on('data', (chunk) => {
      log += chunk;
    });
    await until(
      async () => log,
      () => log.includes('read failed'),
      30,
    );
    const exporter = Number(readFileSync(`/proc/${outer.pid}/task/${outer.pid}/children`, 'utf8'));
    process.kill(exporter, 'SIGTERM');
    await untilEnded(outer);
    assert.match(log, /a collector hangs in the kernel; exiting by SIGKILL/);
  });
});

/** Ended and its log read, within a time that is far more than the exporter's grace. */
async function untilEnded(child: ChildProcess): Promise<void> {
  await once(child, 'close', { signal: AbortSignal.timeout(20_000) });
}

function noNamespaces(): string | false {
  return spawnSync('unshare', ['--pid', '--fork', 'true']).status !== 0 && 'no process namespaces here';
}
