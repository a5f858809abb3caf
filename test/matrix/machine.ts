import { execFile } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { PROJECT } from '../paths.ts';
import type { DebianRelease } from './debian.ts';
import { type Part, rowOf } from './part.ts';
import { outcomeOf, TEST_FLAGS } from './run-tests.ts';

const run = promisify(execFile);

const SCRIPT = join(PROJECT, 'test/machine.sh');

const TESTS = ['matrix/systemd-host', 'real/reclaim.test'];

/** An emulated processor is some ten times slower than those that the tests' waits are made for. */
const ENVIRONMENT = 'SLOWNESS=10';

const TIMEOUT_SECONDS = 1200;

export const machine: Part = {
  name: 'machine',
  about:
    'The exporter on a machine that systemd has booted, on pure cgroup v2, compared with systemctl, ps, du, Docker and ' +
    'the kernel; in a virtual machine of the release (test/machine.sh).',
  async *rows({ folder, releases }) {
    const share = await makeShare(join(folder, 'share'));
    for (const release of releases) {
      const built = await build(release).catch((error: Error) => error);
      const on = built instanceof Error ? release.title : `${built} (${release.title})`;
      yield await rowOf(on, async () => {
        if (built instanceof Error) throw built;
        const files = TESTS.map((test) => `dist/test/${test}.js`).join(' ');
        const command = `cd /share && ${ENVIRONMENT} node ${TEST_FLAGS.join(' ')} --test-concurrency=1 ${files}`;
        return outcomeOf(
          await machineScript(release, 'run', `--share=${share}`, `--timeout=${TIMEOUT_SECONDS}`, '--', command),
        );
      });
    }
  },
};

/** Builds the machine if it is not; gives the versions of what is in it. */
async function build(release: DebianRelease): Promise<string> {
  await machineScript(release, 'build');
  const info = await machineScript(release, 'info');
  const version = (name: string) => new RegExp(`^${name} (?:\\d+:)?([\\w.]+)`, 'm').exec(info)?.[1];
  const parts = { Linux: 'kernel', systemd: 'systemd', Docker: 'docker.io', containerd: 'containerd', runc: 'runc' };
  return Object.entries(parts)
    .map(([title, name]) => `${title} ${version(name)}`)
    .join(', ');
}

/** Its standard output, also when the command in it failed: that is a test's failure, which the output says. */
async function machineScript({ suite }: DebianRelease, ...args: readonly string[]): Promise<string> {
  const env = { ...process.env, MACHINE_RELEASE: suite };
  const ended = run('bash', [SCRIPT, ...args], { env, maxBuffer: 2 ** 28 });
  return (await ended.catch((error) => (error.code === 1 ? error : Promise.reject(error)))).stdout;
}

/** What the guest needs of the project: what was built, and the packages that it runs with. */
async function makeShare(folder: string): Promise<string> {
  const list = ['ls', '--omit=dev', '--all', '--parseable'];
  const { stdout } = await run('npm', list, { cwd: PROJECT });
  const packages = stdout
    .trim()
    .split('\n')
    .slice(1)
    .map((path) => relative(PROJECT, path));
  for (const path of ['dist', 'package.json', ...packages]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(PROJECT, path), join(folder, path), { recursive: true, dereference: true });
  }
  return folder;
}
