import type { Host } from '../host/host.ts';
import type { Tree } from '../host/tree.ts';
import { type Mount, mountOption } from './mountinfo.ts';

/** The cgroup file system that accounts for a controller. */
export interface Hierarchy {
  readonly version: 1 | 2;
  readonly tree: Tree;
}

/** The file systems of cgroups, v1 and v2. */
export const CGROUP_FILE_SYSTEMS = ['cgroup', 'cgroup2'];

/**
 * Where `controller` is accounted: its own cgroup v1 mount, or cgroup v2 when its root lists the controller (on a
 * hybrid host it does not). Undefined when it is nowhere.
 */
export function findHierarchy(host: Host, mounts: readonly Mount[], controller: string): Hierarchy | undefined {
  const own = mounts.find((mount) => mount.fileSystem === 'cgroup' && mountOption(mount, controller) === '');
  if (own) return { version: 1, tree: cgroupTree(host, own) };
  const unified = findUnified(host, mounts);
  const controllers = unified?.readIfPresent('cgroup.controllers')?.trim().split(' ') ?? [];
  return unified && controllers.includes(controller) ? { version: 2, tree: unified } : undefined;
}

/** The cgroup v2 hierarchy, which a hybrid host has beside those of v1; undefined when there is none. */
export function findUnified(host: Host, mounts: readonly Mount[]): Tree | undefined {
  const mount = mounts.find(({ fileSystem }) => fileSystem === 'cgroup2');
  return mount && cgroupTree(host, mount);
}

function cgroupTree(host: Host, mount: Mount): Tree {
  const { tree, path } = host.locate(mount.mountPoint);
  return tree.subtree(path);
}

/** Paths of all cgroups of a hierarchy, the root (``) first, children after their parent. */
export function* cgroupPaths(tree: Tree, path = ''): Generator<string> {
  yield path;
  for (const name of tree.directories(path)) yield* cgroupPaths(tree, `${path}/${name}`);
}

/**
 * `key value` lines, as in cgroup.stat, pids.events, memory.events and memory.stat
 * (Documentation/admin-guide/cgroup-v2.rst). Other lines are passed over.
 */
export function parseFlatKeyed(text: string): Map<string, number> {
  const values = new Map<string, number>();
  for (const line of text.split('\n')) {
    const match = /^(\S+) (\d+)$/.exec(line);
    if (match) values.set(match[1] ?? '', Number(match[2]));
  }
  return values;
}
