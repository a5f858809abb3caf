import type { Host } from '../host/host.ts';
import { CGROUP_FILE_SYSTEMS } from '../kernel/cgroups.ts';
import { type Mount, readMountTable } from '../kernel/mountinfo.ts';
import { type MountedPlaces, mountedPlaces } from '../locations/mounted.ts';

/** What collectors need of the mount table: that may have 100,000 lines, this has a few dozen. */
export interface MountFacts extends MountedPlaces {
  /** Mounts of all file systems. */
  readonly count: number;
  /** Mounts of cgroup file systems, v1 and v2. */
  readonly cgroups: readonly Mount[];
}

/** Reads the mount table. The layers of containers, `overlays`, are for the inventory alone. Throws when it may not be read. */
export function readMounts(host: Host): { facts: MountFacts; overlays: readonly Mount[] } {
  const { count, mounts } = readMountTable(host, [...CGROUP_FILE_SYSTEMS, 'overlay']);
  const overlays = mounts.filter(({ fileSystem }) => fileSystem === 'overlay');
  const cgroups = mounts.filter(({ fileSystem }) => fileSystem !== 'overlay');
  const facts = { count, cgroups, ...mountedPlaces(overlays) };
  return { facts, overlays };
}
