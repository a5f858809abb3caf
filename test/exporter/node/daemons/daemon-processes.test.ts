import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ContainerDirectory } from '../../../../exporter/node/containers/directory.ts';
import { findDaemons } from '../../../../exporter/node/daemons/daemon-processes.ts';
import { temporaryHost } from '../host/temporary-host.ts';

const ID = 'c65139d81241cbbffa6f63c82e18d5db57b84df6f741a4c3f5029e83273a1e88';

test('daemons are found by name, those in containers left out', (t) => {
  const process = (pid: number, command: string, cgroup = '/') => ({
    [`/proc/${pid}/comm`]: `${command}\n`,
    [`/proc/${pid}/cgroup`]: `4:memory:${cgroup}\n0::${cgroup}\n`,
  });
  const { host } = temporaryHost(t, {
    ...process(1, 'systemd'),
    ...process(11, 'kubelet', '/system.slice/kubelet.service'),
    ...process(12, 'containerd'),
    ...process(13, 'containerd-shim'),
    ...process(14, 'dockerd', `/docker/${ID}`),
    ...process(15, 'k3s-server'),
    ...process(16, 'docker-containe'),
    '/proc/16/cmdline': '/usr/bin/docker-containerd\0--config\0/var/run/docker/containerd/containerd.toml\0',
    ...process(17, 'docker-containe'),
    '/proc/17/cmdline': 'docker-containerd-shim\x00833b60bb\x00',
    ...process(18, 'crio'),
    '/proc/self/comm': 'kubelet\n',
  });
  const container = { id: ID, runtime: 'docker', namespace: '', pod: '', container: 'dind' } as const;
  const containers = new ContainerDirectory({ containers: [container], pods: [] });
  const found = findDaemons(host, containers).sort((a, b) => a.pid - b.pid);
  assert.deepEqual(found, [
    { daemon: 'kubelet', pid: 11 },
    { daemon: 'containerd', pid: 12 },
    { daemon: 'kubelet', pid: 15 },
    { daemon: 'containerd', pid: 16 },
    { daemon: 'crio', pid: 18 },
  ]);
});
