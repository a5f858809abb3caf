import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findDaemons } from '../../exporter/node/daemons/daemon-processes.ts';
import { Host } from '../../exporter/node/host/host.ts';
import { askRuntimeName } from '../../exporter/node/probes/cri-version.ts';
import { locationsOn } from '../exporter/node/locations/locations-on.ts';
import { startExporter, until } from '../exporter-process.ts';
import { sampleValue } from '../exposition-text.ts';
import { missing } from '../programs.ts';
import { assertAgreement } from './agreement.ts';
import { startContainerd } from './containerd-daemon.ts';
import { diskUsage } from './disk-usage.ts';
import { DOCKER_PROGRAMS, startDockerDaemon } from './docker-daemon.ts';

/** What one daemon is configured with, as `place path`, among those that others run on this machine. */
function configuredOf(pid: number): string[] {
  const host = new Host({ procfs: '/proc', sysfs: '/sys', rootfs: '' });
  const daemons = findDaemons(host).filter((daemon) => daemon.pid === pid);
  assert.equal(daemons.length, 1);
  const configured = locationsOn(host, { daemons }).filter(({ source }) => source === 'configured');
  return configured.map(({ what, path }) => `${what} ${path}`).sort();
}

test('where containerd has its things', { skip: missing(['containerd'], { root: true }) }, async (t) => {
  const { pid, directory, socket } = await startContainerd(t);
  const [layers, root, state] = ['layers', 'root', 'state'].map((name) => join(directory, name));
  assert.deepEqual(configuredOf(pid), [
    `containerd_root ${root}`,
    `containerd_snapshots ${layers}`,
    `containerd_socket ${socket}`,
    `containerd_state ${state}`,
  ]);
  for (const path of [layers, root, state, socket]) assert.ok(path && existsSync(path), path);
  assert.ok(!existsSync(join(directory, 'unused')));
  assert.equal(await askRuntimeName(socket, new AbortController().signal), 'containerd');
});

test('a Docker of which nothing runs', { skip: missing([...DOCKER_PROGRAMS, 'du'], { root: true }) }, async (t) => {
  const docker = await startDockerDaemon(t);
  const gelf = ['--log-driver=gelf', '--log-opt=gelf-address=udp://127.0.0.1:9', '--log-opt=cache-max-size=1m'];
  const id = await docker.run('sent', 'yes 0123456789abcdef | head -c 400000', ...gelf);
  await until(
    () => docker.inspect('sent', '.State.Running'),
    (running) => running === 'false',
    60,
  );

  await t.test('is found by the arguments of dockerd', () => {
    assert.deepEqual(configuredOf(docker.pid), [`docker_root ${docker.dataRoot}`, `docker_socket ${docker.socket}`]);
  });

  const exporter = await startExporter([
    ...['containers', 'container_logs', 'runtime'].map((name) => `--collector.${name}.schedule=* * * * * *`),
    `--collector.runtime.docker-socket=${docker.socket}`,
    '--collector.kubelet_endpoints.healthz-url=',
  ]);
  t.after(() => exporter.stop());
  const directory = join(docker.dataRoot, 'containers', id);
  const cached = () => readdirSync(directory).filter((name) => name.startsWith('container-cached.log'));
  const assertLog = () =>
    assertAgreement(
      exporter,
      (text) => ({
        bytes: sampleValue(text, 'foreshock_container_log_bytes', { container: 'sent' }),
        limit: sampleValue(text, 'foreshock_container_log_limit_bytes', { container: 'sent' }),
      }),
      () => ({ bytes: diskUsage(...cached().map((name) => join(directory, name))), limit: 5_000_000 }),
    );
  const assertUp = (value: number) =>
    assertAgreement(
      exporter,
      (text) => sampleValue(text, 'foreshock_runtime_up', { runtime: 'docker' }),
      () => value,
    );

  await t.test('has the copies of logs that are sent away', async () => {
    assert.ok(cached().length > 0);
    await assertLog();
    await assertUp(1);
  });
  await t.test('is known, and down, when dockerd was killed', async () => {
    process.kill(docker.pid, 'SIGKILL');
    await assertUp(0);
    await assertLog();
  });
});
