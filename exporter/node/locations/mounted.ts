import { type Mount, mountOption } from '../kernel/mountinfo.ts';

/** Directories of runtimes, as the mounts of running containers tell them. */
export interface MountedPlaces {
  /** Docker's data roots. */
  readonly dockerRoots: readonly string[];
  /** containerd's directories of layers, of the pods that run. */
  readonly snapshotters: readonly string[];
  /** As `snapshotters`, of Docker's containers when containerd keeps its images. */
  readonly dockerSnapshotters: readonly string[];
  /** containerd's state directories, of the pods that run. */
  readonly containerdStates: readonly string[];
}

/** The places that overlay mounts tell of. */
export function mountedPlaces(overlays: readonly Mount[]): MountedPlaces {
  return {
    dockerRoots: distinct(overlays, ({ mountPoint }) => DOCKER_LAYER.exec(mountPoint)?.[1]),
    snapshotters: distinct(overlays, (mount) => (POD_LAYER.test(mount.mountPoint) ? snapshotterOf(mount) : undefined)),
    dockerSnapshotters: distinct(overlays, (mount) =>
      STORED_LAYER.test(mount.mountPoint) ? snapshotterOf(mount) : undefined,
    ),
    containerdStates: distinct(overlays, ({ mountPoint }) => POD_LAYER.exec(mountPoint)?.[1]),
  };
}

/** `<data root>/overlay2/<layer>/merged`, or `<data root>/rootfs/<snapshotter>/<container id>` with containerd's image store. */
const DOCKER_LAYER = /^(\/.+)\/(?:overlay2\/[^/]+\/merged|rootfs\/[^/]+\/[0-9a-f]{64})$/;
const STORED_LAYER = /^\/.+\/rootfs\/[^/]+\/[0-9a-f]{64}$/;

/** `<state>/io.containerd.runtime.v2.task/k8s.io/<container id>/rootfs`. */
const POD_LAYER = /^(\/.+)\/io\.containerd\.runtime\.v[^/]+\/k8s\.io\/[0-9a-f]{64}\/rootfs$/;

/** `<snapshotter>/snapshots/<number>/fs` is the writable layer for all snapshotters that are overlays. */
function snapshotterOf(mount: Mount): string | undefined {
  return /^(\/.+)\/snapshots\/\d+\/fs$/.exec(mountOption(mount, 'upperdir') ?? '')?.[1];
}

function distinct(overlays: readonly Mount[], find: (mount: Mount) => string | undefined): string[] {
  return [...new Set(overlays.flatMap((mount) => find(mount) ?? []))];
}
