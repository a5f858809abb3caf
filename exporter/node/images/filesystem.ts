import type { Runtime } from '../containers/container.ts';
import type { ContainerDirectory } from '../containers/directory.ts';
import { runtimeOfEndpoint } from '../locations/endpoint.ts';
import type { Location } from '../locations/location.ts';
import { pathsOf } from '../locations/ranking.ts';
import type { Report } from '../report.ts';
import { imageStore } from './docker-images.ts';

/**
 * The runtime whose images the kubelet collects: that of `containerRuntimeEndpoint`, else the one that runs its pods,
 * else the default of the kubelet since 1.27.
 */
export function kubeletRuntime(
  endpoint: string | undefined,
  locations: readonly Location[],
  { containers }: ContainerDirectory,
): Runtime {
  const ofEndpoint = runtimeOfEndpoint(endpoint, locations);
  return ofEndpoint ?? containers.find(({ namespace }) => namespace !== '')?.runtime ?? 'containerd';
}

type Looker = Pick<Report, 'host' | 'progress'>;

/**
 * The directory whose file system a CRI runtime says its images are on (ImageFsInfo), undefined when there is none.
 * `snapshotters` are those of the pods that run, tried before what is configured.
 */
export function imageDirectory(
  looker: Looker,
  runtime: 'containerd' | 'cri-o',
  locations: readonly Location[],
  snapshotters: readonly string[],
): string | undefined {
  const containerd = () => [...pathsOf(locations, 'containerd_snapshots'), ...pathsOf(locations, 'containerd_root')];
  // CRI-O's directory of images is below the place (cri-o, server/image_fs_info).
  const crio = () =>
    [...pathsOf(locations, 'crio_images'), ...pathsOf(locations, 'crio_root')].flatMap((root) => [
      `${root}/overlay-images`,
      root,
    ]);
  return firstThere(looker, runtime === 'cri-o' ? crio() : [...snapshotters, ...containerd()]);
}

/**
 * As `imageDirectory`, for Docker: its data root if it keeps the images itself, else where containerd does (the default since
 * Docker 29), its own containerd's below the data root or the host's.
 */
export function dockerImageDirectory(
  looker: Looker,
  root: string,
  locations: readonly Location[],
  snapshotters: readonly string[],
): string | undefined {
  if (imageStore(looker.host.rootfs.subtree(root)) !== undefined) return root;
  const own = `${root}/containerd/daemon`;
  const candidates = [...snapshotters, `${own}/io.containerd.snapshotter.v1.overlayfs`, own];
  return firstThere(looker, [...candidates, ...pathsOf(locations, 'containerd_snapshots'), root]);
}

function firstThere({ host, progress }: Looker, paths: readonly string[]): string | undefined {
  return paths.find((path) => {
    progress(path);
    return host.rootfs.stat(path);
  });
}
