import { containerIdsIn, isOfUser } from '../containers/cgroup-path.ts';
import type { Host } from '../host/host.ts';
import type { Tree } from '../host/tree.ts';
import { CGROUP_FILE_SYSTEMS, findHierarchy, findUnified } from '../kernel/cgroups.ts';
import { type Mount, parseMountinfo } from '../kernel/mountinfo.ts';

/** Podman's `libpod-<id>.scope`: it is not meant to be measured, nor are containers of users who are not root. */
const PASSED_OVER = /^libpod-/;

/**
 * The ids of containers that run, by their cgroups, which any user may list: those below a container are its own affair.
 * `mounts` are the host's of cgroup file systems, undefined when these could not be read.
 */
export function idsOfCgroups(host: Host, mounts: readonly Mount[] | undefined): Set<string> {
  const tree = anyHierarchy(host, mounts ?? ownMounts(host));
  return new Set(tree ? runningIds(tree, '') : []);
}

/** Whichever accounts for something: each has the cgroups of all containers. */
function anyHierarchy(host: Host, mounts: readonly Mount[]): Tree | undefined {
  const accounting = ['memory', 'pids', 'cpu'].map((controller) => findHierarchy(host, mounts, controller)?.tree);
  return accounting.find((tree) => tree !== undefined) ?? findUnified(host, mounts);
}

/** Where this process has them: in most containers and for most users that is where the host has them. */
function ownMounts(host: Host): readonly Mount[] {
  return parseMountinfo(host.procfs.readIfPresent('self/mountinfo') ?? '', CGROUP_FILE_SYSTEMS).mounts;
}

function* runningIds(tree: Tree, path: string): Generator<string> {
  for (const name of tree.directories(path)) {
    const child = `${path}/${name}`;
    if (PASSED_OVER.test(name) || isOfUser(child)) continue;
    const id = containerIdsIn(name).at(-1);
    if (id === undefined) yield* runningIds(tree, child);
    else if (hasProcesses(tree, child)) yield id;
  }
}

/** Cgroups that a runtime forgot to delete are empty. cgroup.events, of v2, counts those below. */
function hasProcesses(tree: Tree, path: string): boolean {
  const events = tree.readIfPresent(`${path}/cgroup.events`);
  if (events !== undefined) return /^populated 1$/m.test(events);
  return (tree.readIfPresent(`${path}/cgroup.procs`) ?? '') !== '';
}
