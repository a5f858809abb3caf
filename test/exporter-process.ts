import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { MAIN } from './paths.ts';

/** A running exporter. */
export interface ExporterProcess {
  readonly process: ChildProcess;
  readonly url: string;
  /** All it has logged so far. */
  log(): string;
  /** The exposition in the text format. */
  scrape(): Promise<string>;
  /** Scrapes until `accept` does, for at most `seconds`; throws with the last exposition. */
  scrapeUntil(accept: (text: string) => boolean, seconds: number): Promise<string>;
  /** Ends it by SIGTERM and resolves to its exit code, or the signal that killed it. */
  stop(): Promise<number | NodeJS.Signals | null>;
}

export interface StartOptions {
  readonly environment?: Readonly<NodeJS.ProcessEnv>;
  /** A command that runs the command behind it, such as `nice`. */
  readonly wrapper?: readonly string[];
  /** What it answers when asked whether it is ready, once it has started. */
  readonly readyStatus?: '200' | '503';
}

/** Starts the built exporter on a free port and waits until it is ready: it knows the containers, or the cluster. */
export async function startExporter(
  flags: readonly string[],
  command: readonly string[] = ['node'],
  main = MAIN,
  { environment = process.env, wrapper = [], readyStatus = '200' }: StartOptions = {},
): Promise<ExporterProcess> {
  const port = await freePort();
  const line = [...wrapper, process.execPath, main, ...command, `--web.listen-address=127.0.0.1:${port}`, ...flags];
  const child = spawn(line[0] ?? '', line.slice(1), {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: environment,
  });
  let log = '';
  child.stderr?.on('data', (chunk) => {
    log += chunk;
  });
  const url = `http://127.0.0.1:${port}`;
  // On a connection of its own: one that was kept may be closed by the exporter while it is used again.
  const scrape = async () => (await fetch(`${url}/metrics`, { headers: { connection: 'close' } })).text();
  const exporter: ExporterProcess = {
    process: child,
    url,
    log: () => log,
    scrape,
    scrapeUntil: (accept, seconds) => until(scrape, accept, seconds),
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      return child.exitCode ?? child.signalCode;
    },
  };
  const ready = async () => {
    if (child.exitCode !== null) throw new Error(`the exporter ended with ${child.exitCode}: ${log}`);
    return fetch(`${url}/-/ready`).then(
      (response) => String(response.status),
      () => 'refused',
    );
  };
  // Older versions ask for a password here too.
  try {
    await until(ready, (status) => status === readyStatus || status === '401', 120);
  } catch (error) {
    // Or it would keep the test from ending.
    child.kill('SIGKILL');
    throw error;
  }
  return exporter;
}

/** How many times slower this machine is than those that the tests' waits are made for: an emulated one is. */
const SLOWNESS = Number(process.env.SLOWNESS ?? 1);

/** Calls `read` until `accept` takes what it gives, for at most `seconds`; throws with the last thing read. */
export async function until<Value>(
  read: () => Promise<Value>,
  accept: (value: Value) => boolean,
  seconds: number,
): Promise<Value> {
  const deadline = Date.now() + seconds * SLOWNESS * 1000;
  for (;;) {
    const value = await read();
    if (accept(value)) return value;
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s; last seen: ${String(value)}`);
    await sleep(100);
  }
}

/** A TCP port that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
