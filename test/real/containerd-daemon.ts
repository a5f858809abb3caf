import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { until } from '../exporter-process.ts';

/** A containerd that shares nothing with others on this machine but the kernel. */
export interface ContainerdDaemon {
  readonly pid: number;
  readonly socket: string;
  /** Where it keeps its things: `root` by its configuration, `layers` by a file that this imports, `state` by a flag. */
  readonly directory: string;
  /** Ends it without a chance to remove its socket. */
  kill(): Promise<void>;
}

/** Starts a daemon without containers; it is killed when the test is over, however that ends. */
export async function startContainerd(t: TestContext): Promise<ContainerdDaemon> {
  const directory = mkdtempSync(join(tmpdir(), 'foreshock-containerd-'));
  const socket = join(directory, 'socket');
  const config = join(directory, 'config.toml');
  mkdirSync(join(directory, 'conf.d'));
  const imports = `imports = ["${directory}/conf.d/*.toml"]\n`;
  writeFileSync(config, `version = 2\n${imports}root = "${directory}/root"\nstate = "${directory}/unused"\n`);
  const layers = `[plugins."io.containerd.snapshotter.v1.overlayfs"]\nroot_path = "${directory}/layers"\n`;
  writeFileSync(join(directory, 'conf.d/layers.toml'), `version = 2\n${layers}`);
  const child = spawn('containerd', [`--config=${config}`, `--address=${socket}`, `--state=${directory}/state`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', (chunk) => {
    log += chunk;
  });
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const kill = async () => {
    if (hasEnded()) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  t.after(() => kill().finally(() => rmSync(directory, { recursive: true })));
  const isListening = async () => {
    if (hasEnded()) throw new Error(`containerd ended: ${log}`);
    return existsSync(socket);
  };
  await until(isListening, Boolean, 60);
  return { pid: child.pid ?? Number.NaN, socket, directory, kill };
}
