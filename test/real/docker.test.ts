import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { findDaemons } from '../../exporter/node/daemons/daemon-processes.ts';
import { Host } from '../../exporter/node/host/host.ts';
import { type ExporterProcess, startExporter } from '../exporter-process.ts';
import { parseExposition, sampleValue } from '../exposition-text.ts';
import { missing } from '../programs.ts';
import { assertAgreement } from './agreement.ts';
import { diskUsage, inodeUsage } from './disk-usage.ts';
import { CRI, IMPOSTOR, startContainers, upperDirectory } from './docker-containers.ts';
import { DOCKER_PROGRAMS, type DockerDaemon, startDockerDaemon } from './docker-daemon.ts';
import { testImages } from './docker-images.ts';
import { assertDirectories, assertDockerSize, assertGrowthIsSeen, assertLayers } from './docker-layers.ts';
import { assertEndlessLogRises, assertLogBytes, assertLogLimits, assertNoLog, logFiles } from './docker-logs.ts';
import { assertLimitHits, assertPids, assertZombies } from './docker-processes.ts';

const FAST_COLLECTORS = ['containers', 'container_logs', 'writable_layers', 'zombies', 'pids'];

test('a host with Docker', { skip: missing([...DOCKER_PROGRAMS, 'ps', 'du'], { root: true }) }, async (t) => {
  const daemon = await startDockerDaemon(t);
  await startContainers(daemon);
  const exporter = await start(t, `--collector.containers.docker-root=${daemon.dataRoot}`);

  await t.test('every container has its id', () => assertIds(exporter, daemon));
  await t.test('a container of a pod has the names of Kubernetes', () => assertPodNames(exporter, daemon));

  await t.test('labels of an image make no pod', () => assertImpostor(exporter, daemon));
  await t.test('a kubelet in a container is not that of the host', () => assertNoDaemon(daemon));

  await t.test('logs take the blocks of their files', () => assertLogBytes(exporter, daemon));
  await t.test('an endless log rises', () => assertEndlessLogRises(exporter, daemon));
  await t.test('logs have the limits of their rotation', () => assertLogLimits(exporter, daemon));
  await t.test('a container that is not logged has no log', () => assertNoLog(exporter, 'unlogged'));

  await t.test('layers take what du counts', () => assertLayers(exporter, daemon));
  await t.test('a large layer takes what Docker says', () => assertDockerSize(exporter, daemon));
  await t.test('the directories of a large layer are named', () => assertDirectories(exporter, daemon));
  await t.test('a layer that is written to is walked again', () => assertGrowthIsSeen(exporter, daemon));

  await t.test('zombies are counted by container and parent', () => assertZombies(exporter, daemon));
  await t.test('threads are counted against their limit', () => assertPids(exporter));
  await t.test('forks that fail at the limit of a container are counted', () => assertLimitHits(exporter, daemon));

  await t.test('images', (t) => testImages(t, daemon));

  await t.test('every collector succeeds', async () => {
    const lines = parseExposition(await exporter.scrape()).filter(({ name }) => name === 'foreshock_collector_success');
    for (const { labels, value } of lines) assert.equal(value, 1, `${labels.collector}: ${exporter.log()}`);
  });
  await t.test('a container that is removed has no series', async () => {
    await daemon.docker('rm', '--force', 'filler', 'exited');
    const ofRemoved = (text: string) =>
      parseExposition(text).filter(({ labels }) => labels.container === 'filler' || labels.container === 'exited');
    await assertAgreement(exporter, ofRemoved, () => []);
  });
  await t.test('the data root is found by the mounts of the containers', async (t) => {
    const finder = await start(t);
    const ids = await idsOf(daemon);
    const found = (text: string) => dockerIds(text).filter((id) => ids.includes(id));
    await assertAgreement(finder, found, () => ids);
  });
});

async function start(t: TestContext, ...flags: string[]): Promise<ExporterProcess> {
  const exporter = await startExporter([
    ...FAST_COLLECTORS.map((name) => `--collector.${name}.schedule=* * * * * *`),
    '--collector.writable_layers.directory-min-bytes=1000000',
    // A test beside this one may run what is called kubelet and does not listen.
    '--collector.kubelet_endpoints.healthz-url=',
    ...flags,
  ]);
  t.after(() => exporter.stop());
  return exporter;
}

async function assertIds(exporter: ExporterProcess, daemon: DockerDaemon): Promise<void> {
  await assertAgreement(exporter, dockerIds, () => idsOf(daemon));
}

async function idsOf(daemon: DockerDaemon): Promise<string[]> {
  return (await daemon.docker('ps', '--all', '--quiet', '--no-trunc')).trim().split('\n').sort();
}

function dockerIds(exposition: string): string[] {
  const lines = parseExposition(exposition).filter(({ name }) => name === 'foreshock_container_info');
  const ids = lines.map(({ labels }) => /^docker:\/\/(.*)$/.exec(labels.container_id ?? '')?.[1]);
  return ids.filter((id) => id !== undefined).sort();
}

async function assertPodNames(exporter: ExporterProcess, daemon: DockerDaemon): Promise<void> {
  const owner = { namespace: 'shop', pod: 'cart-0', container: 'app' };
  const container_id = `docker://${await daemon.inspect(CRI, '.Id')}`;
  const layer = await upperDirectory(daemon, CRI);
  const logs = await logFiles(daemon, CRI);
  const find = (text: string) => [
    sampleValue(text, 'foreshock_container_info', { ...owner, container_id, runtime: 'docker' }),
    sampleValue(text, 'foreshock_container_log_bytes', owner),
    sampleValue(text, 'foreshock_container_writable_layer_inodes', owner),
  ];
  await assertAgreement(exporter, find, () => [1, diskUsage(...logs), inodeUsage(layer)]);
}

async function assertImpostor(exporter: ExporterProcess, daemon: DockerDaemon): Promise<void> {
  assert.equal(await daemon.inspect(IMPOSTOR, 'index .Config.Labels "io.kubernetes.pod.name"'), 'cart-0');
  const id = await daemon.inspect(IMPOSTOR, '.Id');
  const owners = (text: string) =>
    parseExposition(text)
      .filter(({ name, labels }) => name === 'foreshock_container_info' && labels.container_id === `docker://${id}`)
      .map(({ labels: { namespace, pod, container } }) => ({ namespace, pod, container }));
  await assertAgreement(exporter, owners, () => [{ namespace: '', pod: '', container: IMPOSTOR }]);
}

/** Other tests may run what is called kubelet on this host, so it looks for the one of the container alone. */
async function assertNoDaemon(daemon: DockerDaemon): Promise<void> {
  const host = new Host({ procfs: '/proc', sysfs: '/sys', rootfs: '/' });
  const pid = Number(await daemon.inspect(IMPOSTOR, '.State.Pid'));
  assert.equal(host.procfs.read(`${pid}/comm`), 'kubelet\n');
  const pids = findDaemons(host).map((process) => process.pid);
  assert.ok(!pids.includes(pid));
  assert.ok(pids.includes(daemon.pid), 'the Docker daemon itself is one of the host');
}
