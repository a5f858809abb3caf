import { mountedDataRoots } from '../containers/docker-root.ts';
import type { Host } from '../host/host.ts';
import { mountedSnapshotters } from '../images/filesystem.ts';
import { CGROUP_FILE_SYSTEMS } from '../kernel/cgroups.ts';
import { type Mount, readMountTable } from '../kernel/mountinfo.ts';

/** What collectors need of the mount table: that may have 100,000 lines, this has a few dozen. */
export interface MountFacts {
  /** Mounts of all file systems. */
  readonly count: number;
  /** Mounts of cgroup file systems, v1 and v2. */
  readonly cgroups: readonly Mount[];
  /** Docker's data roots, as the layers of running containers tell them. */
  readonly dockerRoots: readonly string[];
  /** containerd's directories of layers, as those of the running pods tell them. */
  readonly snapshotters: readonly string[];
}

/** Reads the mount table. The layers of containers, `overlays`, are for the inventory alone. Throws when it may not be read. */
export function readMounts(host: Host): { facts: MountFacts; overlays: readonly Mount[] } {
  const { count, mounts } = readMountTable(host, [...CGROUP_FILE_SYSTEMS, 'overlay']);
  const overlays = mounts.filter(({ fileSystem }) => fileSystem === 'overlay');
  const cgroups = mounts.filter(({ fileSystem }) => fileSystem !== 'overlay');
  const facts = {
    count,
    cgroups,
    dockerRoots: mountedDataRoots(overlays),
    snapshotters: mountedSnapshotters(overlays),
  };
  return { facts, overlays };
}
