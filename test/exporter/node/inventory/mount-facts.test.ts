import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readMounts } from '../../../../exporter/node/inventory/mount-facts.ts';
import { temporaryHost } from '../host/temporary-host.ts';

const ID = 'a'.repeat(64);
const LAYERS = '/srv/containerd/io.containerd.snapshotter.v1.overlayfs';
const overlay = (mountPoint: string, upper: string) =>
  `9 1 0:1 / ${mountPoint} rw - overlay overlay rw,upperdir=${upper}\n`;

test('a long mount table makes small facts', (t) => {
  const leaked = Array.from({ length: 5000 }, (_, index) => `9 1 8:1 /k /pods/${index} rw - ext4 /dev/sda rw\n`);
  const mountinfo = [
    '35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n',
    ...leaked,
    overlay(`/run/containerd/io.containerd.runtime.v2.task/k8s.io/${ID}/rootfs`, `${LAYERS}/snapshots/1/fs`),
    overlay(`/run/containerd/io.containerd.runtime.v2.task/k8s.io/${ID}/rootfs`, `${LAYERS}/snapshots/2/fs`),
    overlay('/data/docker/overlay2/b7/merged', '/data/docker/overlay2/b7/diff'),
    overlay('/data/docker/overlay2/c8/merged', '/data/docker/overlay2/c8/diff'),
    overlay(
      `/data/other/rootfs/overlayfs/${ID}`,
      '/data/other/containerd/daemon/io.containerd.snapshotter.v1.overlayfs/snapshots/1/fs',
    ),
    '38 31 0:35 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n',
  ];
  const { facts, overlays } = readMounts(temporaryHost(t, { '/proc/1/mountinfo': mountinfo.join('') }).host);
  assert.deepEqual(facts, {
    count: 5007,
    cgroups: [
      { root: '/', mountPoint: '/sys/fs/cgroup/memory', fileSystem: 'cgroup', options: 'rw,memory' },
      { root: '/', mountPoint: '/sys/fs/cgroup/unified', fileSystem: 'cgroup2', options: 'rw' },
    ],
    dockerRoots: ['/data/docker', '/data/other'],
    snapshotters: [LAYERS],
    dockerSnapshotters: ['/data/other/containerd/daemon/io.containerd.snapshotter.v1.overlayfs'],
    containerdStates: ['/run/containerd'],
  });
  assert.equal(overlays.length, 5);
});
