import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ContainerDirectory } from '../../../../exporter/node/containers/directory.ts';
import { findDaemons, isRunning } from '../../../../exporter/node/daemons/daemon-processes.ts';
import { processEntries } from '../host/process-entries.ts';
import { temporaryHost } from '../host/temporary-host.ts';

const ID = 'c65139d81241cbbffa6f63c82e18d5db57b84df6f741a4c3f5029e83273a1e88';

test('daemons are found by name, those in containers left out', (t) => {
  const { host } = temporaryHost(t, {
    ...processEntries(1, 'systemd'),
    ...processEntries(11, 'kubelet', { cgroup: '/system.slice/kubelet.service' }),
    ...processEntries(12, 'containerd', { startTime: 812 }),
    ...processEntries(13, 'containerd-shim'),
    ...processEntries(14, 'dockerd', { cgroup: `/docker/${ID}` }),
    ...processEntries(15, 'k3s-server'),
    ...processEntries(16, 'docker-containe'),
    '/proc/16/cmdline': '/usr/bin/docker-containerd\0--config\0/var/run/docker/containerd/containerd.toml\0',
    ...processEntries(17, 'docker-containe'),
    '/proc/17/cmdline': 'docker-containerd-shim\x00833b60bb\x00',
    ...processEntries(18, 'crio'),
    '/proc/self/comm': 'kubelet\n',
  });
  const container = { id: ID, runtime: 'docker', namespace: '', pod: '', container: 'dind' } as const;
  const containers = new ContainerDirectory({ containers: [container], pods: [] });
  const found = findDaemons(host, containers).sort((a, b) => a.pid - b.pid);
  assert.deepEqual(found, [
    { daemon: 'kubelet', pid: 11, startTime: 234_928 },
    { daemon: 'containerd', pid: 12, startTime: 812 },
    { daemon: 'kubelet', pid: 15, startTime: 234_928 },
    { daemon: 'containerd', pid: 16, startTime: 234_928 },
    { daemon: 'crio', pid: 18, startTime: 234_928 },
  ]);
});

test('a process that ends while it is looked at is none', (t) => {
  const { host, root } = temporaryHost(t, processEntries(11, 'kubelet'));
  rmSync(join(root, 'proc/11/stat'));
  assert.deepEqual(findDaemons(host, new ContainerDirectory()), []);
});

test('a process runs until it has gone or its id is that of another one', (t) => {
  const { host, root } = temporaryHost(t, processEntries(11, 'k3s-server', { startTime: 500 }));
  const process = { daemon: 'kubelet', pid: 11, startTime: 500 } as const;
  const become = (command: string, startTime: number) =>
    writeFileSync(join(root, 'proc/11/stat'), String(processEntries(11, command, { startTime })['/proc/11/stat']));
  assert.equal(isRunning(host, process), true);
  become('k3s-server', 501);
  assert.equal(isRunning(host, process), false, 'the same command, started later');
  become('nginx', 500);
  assert.equal(isRunning(host, process), false, 'it has become something else');
  become('kubelet', 500);
  assert.equal(isRunning(host, process), true, 'another name of the same daemon');
  rmSync(join(root, 'proc/11'), { recursive: true });
  assert.equal(isRunning(host, process), false);
});
