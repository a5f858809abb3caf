import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Runtime } from '../../../../exporter/node/containers/container.ts';
import { ContainerDirectory } from '../../../../exporter/node/containers/directory.ts';
import { dockerImageDirectory, imageDirectory, kubeletRuntime } from '../../../../exporter/node/images/filesystem.ts';
import { parseMountinfo } from '../../../../exporter/node/kernel/mountinfo.ts';
import { mountedPlaces } from '../../../../exporter/node/locations/mounted.ts';
import { type Entry, temporaryHost } from '../host/temporary-host.ts';
import { locationsOn } from '../locations/locations-on.ts';
import { contextOf } from '../run-collector.ts';

const SOCKETS = { containerd: 'containerd.sock', 'cri-o': 'crio.sock' };
const ID = 'a'.repeat(64);

test("the runtime that the kubelet's endpoint tells, else its pods", () => {
  const pod = (runtime: Runtime) => {
    const containers = [
      { id: '1', runtime: 'docker' as Runtime, namespace: '', pod: '', container: 'web' },
      { id: '2', runtime, namespace: 'shop', pod: 'cart-0', container: 'app' },
    ];
    return new ContainerDirectory({ containers, pods: [] });
  };
  const cases: [endpoint: string, Runtime][] = [
    ['unix:///run/containerd/containerd.sock', 'containerd'],
    ['/run/k3s/containerd/containerd.sock', 'containerd'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as MicroK8s writes it
    ['unix://${SNAP_COMMON}/run/containerd.sock', 'containerd'],
    ['unix:///var/run/crio/crio.sock', 'cri-o'],
    ['unix:///var/run/cri-dockerd.sock', 'docker'],
    ['unix:///var/run/dockershim.sock', 'docker'],
  ];
  for (const [endpoint, runtime] of cases)
    assert.equal(kubeletRuntime(endpoint, [], new ContainerDirectory()), runtime);
  assert.equal(kubeletRuntime(undefined, [], pod('cri-o')), 'cri-o');
  assert.equal(kubeletRuntime('unix:///run/other.sock', [], pod('docker')), 'docker');
  assert.equal(kubeletRuntime(undefined, [], new ContainerDirectory()), 'containerd');
});

test('the directory of images of each runtime', (t) => {
  const find = (runtime: 'containerd' | 'cri-o', directories: string[], mountinfo = '') => {
    const entries: Record<string, Entry> = Object.fromEntries(directories.map((directory) => [`${directory}/x`, '']));
    const { mounts } = parseMountinfo(mountinfo, ['overlay']);
    const { host } = temporaryHost(t, entries);
    return imageDirectory(
      contextOf(host),
      runtime,
      locationsOn(host, { endpoint: `/run/${SOCKETS[runtime]}` }),
      mountedPlaces(mounts).snapshotters,
    );
  };
  const usual = '/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs';
  assert.equal(find('containerd', []), undefined);
  assert.equal(find('containerd', [usual]), usual);
  assert.equal(find('containerd', ['/var/lib/containerd']), '/var/lib/containerd');
  const k3s = '/var/lib/rancher/k3s/agent/containerd/io.containerd.snapshotter.v1.overlayfs';
  assert.equal(find('containerd', [usual, k3s]), k3s);
  assert.equal(find('cri-o', ['/var/lib/containers/storage']), '/var/lib/containers/storage');

  const stargz = '/srv/containerd/io.containerd.snapshotter.v1.stargz';
  const mount = (namespace: string, upper: string) =>
    `9 1 0:1 / /run/containerd/io.containerd.runtime.v2.task/${namespace}/${ID}/rootfs rw - overlay overlay rw,upperdir=${upper}`;
  const mounts = [mount('moby', `${usual}/snapshots/1/fs`), mount('k8s.io', `${stargz}/snapshots/7/fs`)].join('\n');
  assert.equal(find('containerd', [usual, stargz], mounts), stargz);
  assert.equal(find('containerd', [usual], mounts), usual, 'when it is not where the mount was made');
});

test("the directory of Docker's images: its own, or that of the containerd that keeps them", (t) => {
  const find = (directories: string[], snapshotters: string[] = []) => {
    const entries = Object.fromEntries(directories.map((directory) => [`${directory}/x`, '']));
    const { host } = temporaryHost(t, entries);
    return dockerImageDirectory(contextOf(host), '/var/lib/docker', locationsOn(host), snapshotters);
  };
  const containers = '/var/lib/docker/containers';
  const usual = '/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs';
  const own = '/var/lib/docker/containerd/daemon/io.containerd.snapshotter.v1.overlayfs';
  assert.equal(find(['/var/lib/docker/image/overlay2/repositories.json', usual]), '/var/lib/docker');
  assert.equal(find([containers, usual]), usual);
  assert.equal(find([containers, usual, own]), own);
  assert.equal(find([containers, usual, '/srv/snapshots'], ['/srv/snapshots']), '/srv/snapshots');
  assert.equal(find([containers]), '/var/lib/docker');
});
