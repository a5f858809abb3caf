import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { collectors } from '../../exporter/node/collectors/index.ts';
import { freePort, until } from '../exporter-process.ts';
import { sampleValue } from '../exposition-text.ts';
import { PROJECT } from '../paths.ts';
import { missing } from '../programs.ts';
import { BASE_IMAGE_PROGRAMS, defaultOf, fetchBasePrograms, importBaseImages } from './base-images.ts';
import { DOCKER_PROGRAMS, type DockerDaemon, startDockerDaemon } from './docker-daemon.ts';
import { SHARED_ROOT_PROGRAMS, shareRootMount } from './shared-root.ts';

const IMAGE = 'foreshock';
const NODE = '/nodejs/bin/node';

/** How the image is documented to be run. */
const HOST = ['--read-only', '--pid=host', '--volume=/:/host:ro,rslave'];
const CAPABILITIES = ['DAC_READ_SEARCH', 'SYS_PTRACE'];

/** Bytes that the container `noisy` writes into a directory that is closed to other users. */
const CLOSED_BYTES = 3_000_000;
const NOISY = `yes | head -n 20000; head -c ${CLOSED_BYTES} /dev/zero >/file; mkdir -m 700 /closed; mv /file /closed
chown -R 999:999 /closed; touch /done; exec sleep 1000000`;

const { version, description, license } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8'));

const programs = [...DOCKER_PROGRAMS, ...SHARED_ROOT_PROGRAMS, ...BASE_IMAGE_PROGRAMS];

test('the container image', { skip: missing(programs, { root: true }) }, async (t) => {
  const directory = temporaryDirectory(t);
  const base = await fetchBasePrograms(directory).catch((error: Error) => error);
  if (base instanceof Error) return t.skip(`no Node.js 24 for the base images: ${base.message}`);
  shareRootMount(t);
  useClassicBuilder(t);
  const daemon = await startDockerDaemon(t);
  await importBaseImages(daemon, directory, base);
  await daemon.docker('build', '--network=host', `--tag=${IMAGE}`, PROJECT);
  await startNeighbors(daemon);

  await t.test('holds the program and what it needs to run, no tools and no sources', async (t) => {
    const paths = await pathsInImage(daemon, directory);
    assert.ok(paths.includes('app/dist/cli/main.js'));
    assert.ok(paths.includes('app/node_modules/express/package.json'));
    const unwanted = paths.filter((path) => isUnwanted(path));
    assert.deepEqual(unwanted, []);
    const size = Number(await daemon.inspect(IMAGE, '.Size'));
    const added = size - Number(await daemon.inspect(defaultOf('RUNTIME_IMAGE'), '.Size'));
    t.diagnostic(`the image is ${megabytes(size)}, of which ${megabytes(added)} are added to its base`);
  });

  await t.test('says what it is and how it runs', async () => {
    const config = await imageConfig(daemon);
    assert.equal(config.Labels['org.opencontainers.image.version'], version);
    assert.equal(config.Labels['org.opencontainers.image.description'], description);
    assert.equal(config.Labels['org.opencontainers.image.licenses'], license);
    assert.equal(config.Labels['org.opencontainers.image.base.name'], defaultOf('RUNTIME_IMAGE'));
    assert.deepEqual(Object.keys(config.ExposedPorts), ['10777/tcp']);
    assert.ok(config.Env.includes('NODE_ENV=production'));
    assert.ok(config.Env.includes('UV_THREADPOOL_SIZE=16'));
  });

  await t.test('prints the rules', async () => {
    assert.match(await daemon.docker('run', '--rm', '--network=none', IMAGE, 'rules'), /^groups:$/m);
  });

  await t.test('exports the host from a container that may not write, and ends when it is told to', async () => {
    const port = await freePort();
    await runExporter(daemon, 'exporter', ['--network=host'], await flags(daemon, port));
    const exposition = await scrapeUntilComplete(daemon, port);
    assert.ok((writableLayerBytes(exposition) ?? 0) >= CLOSED_BYTES);
    assert.equal(sampleValue(exposition, 'foreshock_runtime_up', { runtime: 'docker' }), 1);
    assert.equal(await daemon.docker('diff', 'exporter'), '');
    await daemon.docker('stop', 'exporter');
    assert.equal(await daemon.inspect('exporter', '.State.ExitCode'), '0');
    assert.equal(await daemon.docker('diff', 'exporter'), '');
  });

  await t.test('is healthy with the command and the health check it comes with', async () => {
    await runExporter(daemon, 'by-default', ['--network=none', '--health-interval=1s'], []);
    const status = () => daemon.inspect('by-default', '.State.Health.Status');
    await until(status, (health) => health === 'healthy', 60);
  });

  await t.test('needs its two capabilities, for closed directories and for the I/O of processes', async () => {
    const closed = `${await daemon.inspect('noisy', '.GraphDriver.Data.UpperDir')}/closed`;
    const [root, other] = [await ioFile(daemon, 'noisy'), await ioFile(daemon, 'unprivileged')];
    const readable = (...capabilities: string[]) => readableOnHost(daemon, capabilities, [closed, root, other]);
    assert.deepEqual(await readable(), []);
    assert.deepEqual(await readable('DAC_READ_SEARCH'), [closed]);
    assert.deepEqual(await readable('SYS_PTRACE'), [root]);
    assert.deepEqual(await readable(...CAPABILITIES), [closed, root, other]);
  });
});

function temporaryDirectory(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'foreshock-image-'));
  t.after(() => rmSync(directory, { recursive: true }));
  return directory;
}

/** The one that every Docker has, for the daemon of Debian 12 and its client know no other. */
function useClassicBuilder(t: TestContext): void {
  process.env.DOCKER_BUILDKIT = '0';
  t.after(() => delete process.env.DOCKER_BUILDKIT);
}

/** Two containers beside the exporter's; resolves when the first has written all it will. */
async function startNeighbors(daemon: DockerDaemon): Promise<void> {
  await daemon.run('unprivileged', 'exec sleep 1000000', '--user=999');
  await daemon.run('noisy', NOISY);
  const layer = await daemon.inspect('noisy', '.GraphDriver.Data.UpperDir');
  await until(async () => existsSync(join(layer, 'done')), Boolean, 60);
}

async function pathsInImage({ docker }: DockerDaemon, directory: string): Promise<string[]> {
  await docker('create', '--name=unstarted', IMAGE);
  await docker('export', `--output=${directory}/image.tar`, 'unstarted');
  const list = execFileSync('tar', ['-tf', `${directory}/image.tar`], { encoding: 'utf8' });
  return list.split('\n');
}

function isUnwanted(path: string): boolean {
  const tool = /(^|\/)(npm|npx|tsc|biome|sh|bash|busybox)(\/|$)/.test(path) || path.includes('typescript');
  const source = /\.[cm]?ts$/.test(path) || /^app\/(exporter|test|dist\/test)\//.test(path);
  return tool || source;
}

interface ImageConfig {
  readonly Cmd: readonly string[];
  readonly Env: readonly string[];
  readonly Labels: Readonly<Record<string, string>>;
  readonly ExposedPorts: Readonly<Record<string, object>>;
}

async function imageConfig({ inspect }: DockerDaemon): Promise<ImageConfig> {
  return JSON.parse(await inspect(IMAGE, 'json .Config'));
}

/** The default command, and what it needs on a machine where other daemons and exporters run. */
async function flags(daemon: DockerDaemon, port: number): Promise<string[]> {
  const { Cmd } = await imageConfig(daemon);
  return [
    ...Cmd,
    `--web.listen-address=127.0.0.1:${port}`,
    '--collector.container_logs.schedule=* * * * * *',
    `--collector.containers.docker-root=${daemon.dataRoot}`,
    `--collector.runtime.docker-socket=${daemon.socket}`,
    '--collector.kubelet_endpoints.healthz-url=',
  ];
}

async function runExporter({ docker }: DockerDaemon, name: string, options: string[], command: string[]) {
  await docker('run', '--detach', `--name=${name}`, ...HOST, ...only(CAPABILITIES), ...options, IMAGE, ...command);
}

function only(capabilities: readonly string[]): string[] {
  return ['--cap-drop=ALL', ...capabilities.map((capability) => `--cap-add=${capability}`)];
}

/** Scrapes until every collector has succeeded and the log of `noisy` is as large as its file. */
async function scrapeUntilComplete(daemon: DockerDaemon, port: number): Promise<string> {
  const path = await daemon.inspect('noisy', '.LogPath');
  const scrape = () => fetch(`http://127.0.0.1:${port}/metrics`).then((response) => response.text());
  return until(
    () => scrape().catch(() => ''),
    (text) => {
      const bytes = statSync(path).blocks * 512;
      return bytes > 1_000_000 && logBytes(text) === bytes && haveAllSucceeded(text);
    },
    60,
  );
}

function logBytes(exposition: string): number | undefined {
  return sampleValue(exposition, 'foreshock_container_log_bytes', { container: 'noisy' });
}

function writableLayerBytes(exposition: string): number | undefined {
  return sampleValue(exposition, 'foreshock_container_writable_layer_bytes', { container: 'noisy' });
}

function haveAllSucceeded(exposition: string): boolean {
  return collectors.every(
    ({ name }) => sampleValue(exposition, 'foreshock_collector_success', { collector: name }) === 1,
  );
}

async function ioFile({ inspect }: DockerDaemon, container: string): Promise<string> {
  return `/proc/${await inspect(container, '.State.Pid')}/io`;
}

/** Which of these files and directories of the host can be read in a container of the image. */
async function readableOnHost({ docker }: DockerDaemon, capabilities: readonly string[], paths: readonly string[]) {
  const script = `const { readdirSync, readFileSync } = require('fs');
    const read = (path) => (path.endsWith('/io') ? readFileSync : readdirSync)('/host' + path);
    const isReadable = (path) => { try { read(path); return true } catch { return false } };
    console.log(JSON.stringify(process.argv.slice(1).filter(isReadable)))`;
  const options = ['--rm', '--network=none', ...HOST, ...only(capabilities), `--entrypoint=${NODE}`];
  return JSON.parse(await docker('run', ...options, IMAGE, '-e', script, ...paths));
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
