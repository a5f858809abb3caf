import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { freePort, until } from './exporter-process.ts';

/**
 * Starts a server on a free port, with a temporary directory of its own, and resolves to its URL once it answers `ready`.
 * It ends with the test.
 */
export async function startServer(
  t: TestContext,
  program: string,
  args: (address: string, directory: string) => readonly string[],
  ready: string,
): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'foreshock-server-'));
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(program, args(address, directory), { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk) => {
    log += chunk;
  });
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  t.after(async () => {
    child.kill('SIGTERM');
    if (!hasEnded()) await once(child, 'exit');
    rmSync(directory, { recursive: true, force: true });
  });
  const url = `http://${address}`;
  const isReady = async () => {
    if (hasEnded()) throw new Error(`${program} ended: ${log}`);
    return fetch(url + ready).then(
      ({ ok }) => ok,
      () => false,
    );
  };
  await until(isReady, Boolean, 60);
  return url;
}
