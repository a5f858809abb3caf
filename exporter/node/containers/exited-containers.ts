import type { Location } from '../locations/location.ts';
import { pathsOf } from '../locations/ranking.ts';
import { type Report, tryRead } from '../report.ts';
import { CONTAINER_ID } from './cgroup-path.ts';
import type { Container, MissingLayer } from './container.ts';
import type { ContainerDirectory } from './directory.ts';
import type { RuntimeContext } from './runtime.ts';

/**
 * Containers of containerd that had a layer and do not run any more. Their snapshots stay until the kubelet removes them, and a
 * snapshot's number is never used again, so the layer's directory tells whether a container is still there.
 */
export function exitedContainers({ host, known, layers }: RuntimeContext): Container[] {
  const exited = [...known.values()].filter(({ id, runtime }) => runtime === 'containerd' && !layers.has(id));
  return exited.filter(({ layer }) => layer !== undefined && host.rootfs.stat(layer)?.isDirectory());
}

/** The CRI plugin keeps a directory for each of its containers, exited or not, by id (containerd, internal/cri/server). */
const CRI_DIRECTORIES = ['containers', 'sandboxes'].map((kind) => `io.containerd.grpc.v1.cri/${kind}`);

type Looker = Pick<Report, 'host' | 'progress' | 'fault'> & { readonly containers: ContainerDirectory };

/** How many containers have no layer that can be scanned, by reason. */
export function countMissingLayers(looker: Looker, locations: readonly Location[]): Record<MissingLayer, number> {
  const { containers } = looker.containers;
  const count = (reason: MissingLayer) => containers.filter(({ missingLayer }) => missingLayer === reason).length;
  return {
    layer_not_found: count('layer_not_found') + countUnseen(looker, locations),
    layer_not_walkable: count('layer_not_walkable'),
  };
}

/**
 * How many containers of the CRI plugin are on disk and not among the known ones: they exited before the exporter started, and
 * what names their layers is a database that containerd holds locked.
 */
function countUnseen(looker: Looker, locations: readonly Location[]): number {
  const { host, containers } = looker;
  const paths = pathsOf(locations, 'containerd_root').flatMap((root) =>
    CRI_DIRECTORIES.map((kind) => `${root}/${kind}`),
  );
  const ids = paths.flatMap((path) => tryRead(looker, path, () => host.rootfs.subtree(path).listIfPresent()) ?? []);
  return new Set(ids.filter((id) => CONTAINER_ID.test(id) && !containers.get(id))).size;
}
