import { containerDepth, isBelowKubepods, isOfUser } from '../containers/cgroup-path.ts';
import type { Host } from '../host/host.ts';
import { type ProcessCgroups, parseProcessCgroups } from '../kernel/process-cgroup.ts';
import { parseNamespacePids, parseUids } from '../kernel/process-status.ts';

/**
 * Where a process with a daemon's name belongs: to the host, or to a container that shares the host's PID namespace. Both
 * are run by root. Any container can have a process of that name, so what is neither is not a daemon of this host.
 */
export type Standing = 'host' | 'container on the host';

/**
 * The host is what process 1 of /proc is in: also a node of a cluster within containers (kind), and root within a user
 * namespace. Undefined for a process of another user, of another PID namespace, of a pod, or that has ended.
 */
export function standingOf(host: Host, pid: number): Standing | undefined {
  const status = host.procfs.readIfPresent(`${pid}/status`) ?? '';
  if (!isOfRoot(host, pid, status)) return undefined;
  const cgroups = pathsBelowInit(host, pid);
  if (isSetuid(host, pid) ?? cgroups.some(isOfUser)) return undefined;
  const isOnHost = isInNamespaceOfInit(host, pid, status);
  if (isOnHost === false) return undefined;
  if (cgroups.every((path) => containerDepth(path) === 0)) return 'host';
  // Without a namespace to be seen the cgroup decides. The kubelet makes the cgroups of pods, so it is in none of them.
  return isOnHost && !cgroups.some(isBelowKubepods) ? 'container on the host' : undefined;
}

/**
 * Whether a process is of the owner of process 1, who is root. The owner of the directory is the effective user even of a
 * process that may not be dumped (fs/proc/base.c, task_dump_owner); the real user is another one in a setuid program.
 */
function isOfRoot(host: Host, pid: number, status: string): boolean {
  const owner = host.procfs.lstat(String(pid))?.uid;
  const root = host.procfs.lstat('1')?.uid ?? 0;
  return owner === root && new Set(parseUids(status)).size <= 1;
}

const SETUID = 0o4000;

/**
 * Whether the executable makes whoever starts it root, such as sudo: any user can start it under a daemon's name. Undefined
 * where the executable may not be looked at, which takes the capability SYS_PTRACE; then the cgroup has to say that no user did.
 */
function isSetuid(host: Host, pid: number): boolean | undefined {
  const mode = unlessForbidden(() => host.procfs.statOfKernelLink(`${pid}/exe`)?.mode);
  return mode === undefined ? undefined : (mode & SETUID) !== 0;
}

/** Whether a process is in the PID namespace of process 1; undefined where the kernel does not show it. */
function isInNamespaceOfInit(host: Host, pid: number, status: string): boolean | undefined {
  const [own, ofInit] = [pid, 1].map((id) => unlessForbidden(() => host.procfs.readLink(`${id}/ns/pid`)));
  if (own !== undefined && ofInit !== undefined) return own === ofInit;
  const ids = parseNamespacePids(status);
  return ids.length === 0 ? undefined : ids.length === 1;
}

/** The cgroup of a process in each hierarchy, without the beginning that is the container of process 1. */
function pathsBelowInit(host: Host, pid: number): string[] {
  const [own, ofInit] = [pid, 1].map((id) => cgroupsOf(host, id));
  return [...(own?.entries() ?? [])].map(([hierarchy, path]) => {
    const init = ofInit?.get(hierarchy) ?? '/';
    const container = init
      .split('/')
      .slice(0, containerDepth(init) + 1)
      .join('/');
    return container !== '' && `${path}/`.startsWith(`${container}/`) ? path.slice(container.length) : path;
  });
}

function cgroupsOf(host: Host, pid: number): ReadonlyMap<string, string> {
  const { v1, v2 }: ProcessCgroups = parseProcessCgroups(host.procfs.readIfPresent(`${pid}/cgroup`) ?? '');
  return v2 === undefined ? v1 : new Map([...v1, ['', v2]]);
}

function unlessForbidden<Value>(look: () => Value): Value | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
