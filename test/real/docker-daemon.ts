import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import { until } from '../exporter-process.ts';

/** Programs that `startDockerDaemon` needs; it needs to be root as well. */
export const DOCKER_PROGRAMS = ['dockerd', 'docker', 'busybox'];

const IMAGE = 'busybox';

/** A Docker daemon that shares nothing with others on this machine but the kernel. */
export interface DockerDaemon {
  readonly dataRoot: string;
  readonly pid: number;
  readonly socket: string;
  /** Runs a docker command and resolves to its standard output; rejects when it fails. */
  docker(...args: string[]): Promise<string>;
  /** Runs a script of busybox's shell in a new container without network, in the background; resolves to its id. */
  run(name: string, script: string, ...flags: string[]): Promise<string>;
  /** One field of `docker inspect`, a Go template such as `.State.Pid`. */
  inspect(name: string, field: string): Promise<string>;
  /** Removes the containers, ends the daemon and removes all it has made. */
  stop(): Promise<void>;
}

/** Starts a daemon with an image of busybox; it is stopped when the test is over, however that ends. */
export async function startDockerDaemon(t: TestContext): Promise<DockerDaemon> {
  const directory = mkdtempSync(join(tmpdir(), 'foreshock-docker-'));
  const dataRoot = join(directory, 'data');
  const socket = join(directory, 'socket');
  const host = `unix://${socket}`;
  const daemon = spawnDaemon(directory, dataRoot, host);
  const docker = newDocker(directory, host);
  const stop = () => endDaemon(daemon.process, docker).finally(() => removeDirectory(directory));
  t.after(stop);
  await untilItAnswers(daemon, docker);
  await importBusybox(directory, docker);
  return {
    dataRoot,
    pid: daemon.process.pid ?? Number.NaN,
    socket,
    docker,
    run: async (name, script, ...flags) => {
      const id = await docker('run', '-d', '--network=none', `--name=${name}`, ...flags, IMAGE, 'sh', '-c', script);
      return id.trim();
    },
    inspect: async (name, field) => (await docker('inspect', `--format={{${field}}}`, name)).trim(),
    stop,
  };
}

function spawnDaemon(directory: string, dataRoot: string, host: string) {
  const state = [`--data-root=${dataRoot}`, `--exec-root=${directory}/exec`, `--pidfile=${directory}/pid`];
  const child = spawn('dockerd', [...state, `--host=${host}`, '--iptables=false', '--bridge=none'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', (chunk) => {
    log += chunk;
  });
  return { process: child, log: () => log };
}

/** The client, with its configuration in the temporary directory too. */
function newDocker(directory: string, host: string): DockerDaemon['docker'] {
  const env = { ...process.env, DOCKER_CONFIG: directory };
  return async (...args) => {
    const { stdout } = await promisify(execFile)('docker', ['--host', host, ...args], { env, maxBuffer: 2 ** 26 });
    return stdout;
  };
}

async function untilItAnswers(daemon: ReturnType<typeof spawnDaemon>, docker: DockerDaemon['docker']): Promise<void> {
  const answer = () => {
    if (hasEnded(daemon.process)) throw new Error(`dockerd ended: ${daemon.log()}`);
    return docker('version').catch((error: Error) => error);
  };
  await until(answer, (version) => typeof version === 'string', 60);
}

async function importBusybox(directory: string, docker: DockerDaemon['docker']): Promise<void> {
  const bin = join(directory, 'image/bin');
  mkdirSync(bin, { recursive: true });
  const busybox = execFileSync('which', ['busybox'], { encoding: 'utf8' }).trim();
  copyFileSync(busybox, join(bin, 'busybox'));
  const applets = execFileSync(busybox, ['--list'], { encoding: 'utf8' }).trim().split('\n');
  for (const applet of applets.filter((name) => name !== 'busybox')) symlinkSync('busybox', join(bin, applet));
  execFileSync('tar', ['-C', join(directory, 'image'), '-cf', join(directory, 'image.tar'), '.']);
  await docker('import', '--change', 'CMD ["sh"]', join(directory, 'image.tar'), IMAGE);
}

async function endDaemon(daemon: ChildProcess, docker: DockerDaemon['docker']): Promise<void> {
  if (hasEnded(daemon)) return;
  const ids = (await docker('ps', '-aq').catch(() => '')).split('\n').filter(Boolean);
  if (ids.length > 0) await docker('rm', '--force', ...ids).catch(() => {});
  daemon.kill('SIGTERM');
  if (!hasEnded(daemon)) await once(daemon, 'exit');
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function removeDirectory(directory: string): void {
  const mountPoints = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '');
  const ours = mountPoints.filter((mountPoint) => mountPoint.startsWith(`${directory}/`));
  for (const mountPoint of ours.reverse()) execFileSync('umount', ['--lazy', mountPoint]);
  rmSync(directory, { recursive: true, force: true });
}
