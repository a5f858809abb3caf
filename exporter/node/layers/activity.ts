import type { Container } from '../containers/container.ts';
import { containerCgroups } from '../containers/container-cgroups.ts';
import type { ContainerDirectory } from '../containers/directory.ts';
import type { Host } from '../host/host.ts';
import { type Hierarchy, parseFlatKeyed } from '../kernel/cgroups.ts';

/** What tells, without a walk, whether a container may have changed its layer. */
export interface Activity {
  /**
   * CPU time of the container's cgroup, in the kernel's own unit: a container that has not run has not written.
   * Undefined when it has no cgroup: it has ended.
   */
  readonly cpu: number | undefined;
  /** Bytes that its living processes and their reaped children have dirtied; undefined when that may not be read. */
  readonly written: number | undefined;
}

/**
 * Reads the activity of containers; one that is not running has neither figure. `hierarchy` is the one that accounts for
 * CPU time: `cpuacct` on cgroup v1, `cpu` on v2.
 */
export function activityReader(
  host: Host,
  containers: ContainerDirectory,
  hierarchy: Hierarchy | undefined,
): (container: Container) => Activity {
  const paths = new Map<string, string>();
  for (const { path, container } of hierarchy ? containerCgroups(hierarchy.tree, containers) : []) {
    paths.set(container.id, path);
  }
  return ({ id }) => {
    const path = paths.get(id);
    if (!hierarchy || path === undefined) return { cpu: undefined, written: undefined };
    return { cpu: readCpu(hierarchy, path), written: readWritten(host, hierarchy, path) };
  };
}

/** cpuacct.usage on cgroup v1 (nanoseconds), `usage_usec` of cpu.stat on v2. */
function readCpu({ version, tree }: Hierarchy, path: string): number | undefined {
  if (version === 2) return parseFlatKeyed(tree.readIfPresent(`${path}/cpu.stat`) ?? '').get('usage_usec');
  const usage = tree.readIfPresent(`${path}/cpuacct.usage`);
  return usage === undefined ? undefined : Number(usage);
}

/**
 * `write_bytes` of /proc/PID/io counts pages when they are dirtied, not when they reach the disk, and a parent inherits
 * it from children it has reaped (Documentation/filesystems/proc.rst). It takes CAP_SYS_PTRACE.
 */
function readWritten(host: Host, { tree }: Hierarchy, path: string): number | undefined {
  try {
    const processes = tree.readIfPresent(`${path}/cgroup.procs`)?.split('\n').filter(Boolean) ?? [];
    let sum = 0;
    for (const pid of processes) sum += parseWriteBytes(host.procfs.readIfPresent(`${pid}/io`) ?? '');
    return sum;
  } catch {
    return undefined;
  }
}

/** The line `write_bytes: 323932160` of /proc/PID/io. */
export function parseWriteBytes(text: string): number {
  return Number(/^write_bytes: (\d+)$/m.exec(text)?.[1] ?? 0);
}
