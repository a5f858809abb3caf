import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { fetchPackage } from '../npm-package.ts';
import { PROJECT } from '../paths.ts';
import type { DockerDaemon } from './docker-daemon.ts';

/** Programs that the base images are made with. */
export const BASE_IMAGE_PROGRAMS = ['npm', 'ldd', 'tar', 'busybox'];

/** What the base images are made of. */
export interface BasePrograms {
  /** Node.js 24 for this machine. */
  readonly node: string;
  /** The folder of npm. */
  readonly npm: string;
}

/** This machine's Node.js if it is a 24, else the registry's, and npm; rejects when the registry does not answer. */
export async function fetchBasePrograms(directory: string): Promise<BasePrograms> {
  const own = process.version.startsWith('v24.');
  const [node, npm] = await Promise.all([
    own
      ? process.execPath
      : fetchPackage(directory, `node-linux-${process.arch}@24`).then((root) => `${root}/bin/node`),
    fetchPackage(directory, 'npm@11'),
  ]);
  return { node, npm };
}

/**
 * Stands in for the two base images of the Dockerfile, under their names, because their registries cannot be reached
 * from everywhere: the first with Node.js, npm and a shell, the second with Node.js alone.
 */
export async function importBaseImages({ docker }: DockerDaemon, directory: string, programs: BasePrograms) {
  const build = join(directory, 'build-image');
  installWithLibraries(build, programs.node, '/usr/local/bin/node');
  installNpm(build, programs.npm);
  installShell(build);
  await importImage(docker, build, defaultOf('BUILD_IMAGE'));

  const runtime = join(directory, 'runtime-image');
  installWithLibraries(runtime, programs.node, '/nodejs/bin/node');
  await importImage(docker, runtime, defaultOf('RUNTIME_IMAGE'), '--change', 'ENTRYPOINT ["/nodejs/bin/node"]');
}

/** The default of an argument of the Dockerfile. */
export function defaultOf(argument: string): string {
  const found = new RegExp(`^ARG ${argument}=(.+)$`, 'm').exec(readFileSync(join(PROJECT, 'Dockerfile'), 'utf8'))?.[1];
  if (!found) throw new Error(`the Dockerfile has no default of ${argument}`);
  return found;
}

function installWithLibraries(root: string, program: string, path: string): void {
  install(root, program, path);
  const libraries = execFileSync('ldd', [program], { encoding: 'utf8' }).match(/\/\S+/g) ?? [];
  for (const library of libraries) install(root, library, library);
}

function install(root: string, file: string, path: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  cpSync(file, join(root, path), { recursive: true, dereference: true });
}

/** npm, which is to reach the registry as this machine's does. */
function installNpm(root: string, npm: string): void {
  install(root, npm, '/usr/local/lib/node_modules/npm');
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(root, 'usr/local/bin/npm'));
  const { registry, proxy, 'https-proxy': httpsProxy, cafile } = ownNpmSettings();
  const certificates = cafile || process.env.NODE_EXTRA_CA_CERTS;
  if (certificates) install(root, certificates, '/etc/npm.pem');
  const settings = { registry, proxy, 'https-proxy': httpsProxy, cafile: certificates && '/etc/npm.pem' };
  const lines = Object.entries(settings).map(([name, value]) => (value ? `${name}=${value}\n` : ''));
  mkdirSync(join(root, 'usr/local/etc'));
  writeFileSync(join(root, 'usr/local/etc/npmrc'), lines.join(''));
}

function ownNpmSettings(): Record<string, string | null | undefined> {
  const list = ['config', 'list', '--json'];
  return JSON.parse(execFileSync('npm', list, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
}

function installShell(root: string): void {
  const busybox = execFileSync('which', ['busybox'], { encoding: 'utf8' }).trim();
  install(root, busybox, '/bin/busybox');
  const applets = execFileSync(busybox, ['--list'], { encoding: 'utf8' }).trim().split('\n');
  for (const applet of applets.filter((name) => name !== 'busybox')) symlinkSync('busybox', join(root, 'bin', applet));
  mkdirSync(join(root, 'usr/bin'));
  symlinkSync('/bin/env', join(root, 'usr/bin/env'));
  mkdirSync(join(root, 'tmp'));
}

async function importImage(docker: DockerDaemon['docker'], root: string, name: string, ...flags: string[]) {
  await run('tar', ['-C', root, '-cf', `${root}.tar`, '.']);
  await docker('import', ...flags, `${root}.tar`, name);
}

const run = promisify(execFile);
