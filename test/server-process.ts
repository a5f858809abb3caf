import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { freePort, until } from './exporter-process.ts';

/** A program that serves HTTP. */
export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  /** Ends it by SIGTERM. */
  stop(): Promise<void>;
}

/** Starts a server on a free port and resolves once it answers `ready`. */
export async function runServer(
  program: string,
  args: (address: string) => readonly string[],
  ready: string,
): Promise<ServerProcess> {
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(program, args(address), { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk) => {
    log += chunk;
  });
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const stop = async () => {
    child.kill('SIGTERM');
    if (!hasEnded()) await once(child, 'exit');
  };
  const url = `http://${address}`;
  const isReady = async () => {
    if (hasEnded()) throw new Error(`${program} ended: ${log}`);
    return fetch(url + ready).then(
      ({ ok }) => ok,
      () => false,
    );
  };
  try {
    await until(isReady, Boolean, 60);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, pid: child.pid ?? Number.NaN, stop };
}

/** Starts a server with a temporary directory of its own, and resolves to its URL; both are gone after the test. */
export async function startServer(
  t: TestContext,
  program: string,
  args: (address: string, directory: string) => readonly string[],
  ready: string,
): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'foreshock-server-'));
  const { url, stop } = await runServer(program, (address) => args(address, directory), ready);
  t.after(async () => {
    await stop();
    rmSync(directory, { recursive: true, force: true });
  });
  return url;
}
