import type { Runtime } from '../containers/container.ts';
import type { ContainerDirectory } from '../containers/directory.ts';
import { type Mount, mountOption } from '../kernel/mountinfo.ts';
import type { Report } from '../report.ts';

/** The runtime that is asked through a socket such as `unix:///run/containerd/containerd.sock`. */
const ENDPOINTS: readonly [RegExp, Runtime][] = [
  [/crio\.sock$/, 'cri-o'],
  [/(cri-dockerd|dockershim)\.sock$/, 'docker'],
  [/containerd\.sock$/, 'containerd'],
];

/** Directories of containerd: of k3s, RKE2 and k0s, and its own. */
const CONTAINERD_ROOTS = [
  '/var/lib/rancher/k3s/agent/containerd',
  '/var/lib/rancher/rke2/agent/containerd',
  '/var/lib/k0s/containerd',
  '/var/lib/containerd',
];

/** Where containers/storage keeps images for CRI-O (cri-o, server/image_fs_info). */
const CRIO_IMAGES = ['/var/lib/containers/storage/overlay-images', '/var/lib/containers/storage'];

/**
 * The runtime whose images the kubelet collects: that of `containerRuntimeEndpoint`, else the one that runs its pods,
 * else the default of the kubelet since 1.27.
 */
export function kubeletRuntime(endpoint: string | undefined, { containers }: ContainerDirectory): Runtime {
  const ofEndpoint = ENDPOINTS.find(([socket]) => socket.test(endpoint ?? ''))?.[1];
  return ofEndpoint ?? containers.find(({ namespace }) => namespace !== '')?.runtime ?? 'containerd';
}

/**
 * The directory whose file system a CRI runtime says its images are on (ImageFsInfo), undefined when there is none.
 * `snapshotters` are those of `mountedSnapshotters`, tried before the usual places.
 */
export function imageDirectory(
  { host, progress }: Pick<Report, 'host' | 'progress'>,
  runtime: 'containerd' | 'cri-o',
  snapshotters: readonly string[],
): string | undefined {
  const usual = CONTAINERD_ROOTS.flatMap((root) => [`${root}/io.containerd.snapshotter.v1.overlayfs`, root]);
  const candidates = runtime === 'cri-o' ? CRIO_IMAGES : [...snapshotters, ...usual];
  return candidates.find((path) => {
    progress(path);
    return host.rootfs.stat(path);
  });
}

/** `<root>/io.containerd.snapshotter.v1.<name>` of the layers of the pods that run. */
export function mountedSnapshotters(overlays: readonly Mount[]): string[] {
  const ofPods = overlays.filter(({ mountPoint }) => mountPoint.includes('/k8s.io/'));
  const found = ofPods.flatMap((mount) => {
    const upper = mountOption(mount, 'upperdir') ?? '';
    return /^(\/.+\/io\.containerd\.snapshotter\.v1\.[^/]+)\/snapshots\//.exec(upper)?.[1] ?? [];
  });
  return [...new Set(found)];
}
