import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { filesOfDaemon, findDaemons, isRunning } from '../../../../exporter/node/daemons/daemon-processes.ts';
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
  const found = findDaemons(host).sort((a, b) => a.pid - b.pid);
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
  assert.deepEqual(findDaemons(host), []);
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

test('only the kubelet of the host runs in a container', (t) => {
  const { host } = temporaryHost(t, {
    ...processEntries(11, 'kubelet', { cgroup: `/docker/${ID}` }),
    ...processEntries(12, 'dockerd', { cgroup: `/docker/${ID}` }),
    ...processEntries(13, 'kubelet', { cgroup: `/docker/${ID}`, namespacePids: [13, 1] }),
  });
  const kubelet = { daemon: 'kubelet', pid: 11, startTime: 234_928, inContainer: true } as const;
  assert.deepEqual(findDaemons(host), [kubelet]);
});

test('the files of a daemon are those below its own root where that is another one', (t) => {
  const { host, root } = temporaryHost(t, {
    '/own/etc/file': 'own',
    '/etc/file': 'of the host',
    '/proc/1/root': { link: '../..' },
    '/proc/11/root': { link: '../..' },
    '/proc/12/root': { link: '../../own' },
  });
  const daemon = (pid: number) => ({ daemon: 'kubelet', pid, startTime: 0 }) as const;
  const read = (process: Parameters<typeof filesOfDaemon>[1]) =>
    filesOfDaemon(host, process).readUntrusted('/etc/file');
  assert.equal(read(daemon(11)), 'of the host');
  assert.equal(read(daemon(12)), 'own');
  assert.equal(read({ ...daemon(12), inContainer: true }), 'own');
  assert.throws(() => read({ ...daemon(13), inContainer: true }), { code: 'ENOENT' });
  rmSync(join(root, 'proc/1/root'));
  assert.equal(read(daemon(12)), 'of the host', 'the roots are not to be seen');
});
