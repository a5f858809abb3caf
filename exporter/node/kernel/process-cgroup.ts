/** A process's cgroups: of each cgroup v1 controller (and `name=systemd`), and of cgroup v2. */
export interface ProcessCgroups {
  /** By controller. */
  readonly v1: ReadonlyMap<string, string>;
  /** The `0::` line, absent on a pure v1 host. */
  readonly v2: string | undefined;
}

const DELETED = ' (deleted)';

/**
 * /proc/PID/cgroup (cgroups(7)): `hierarchy-ID:controller-list:cgroup-path`, `0::` for cgroup v2, one a line.
 * A path may hold colons. The suffix ` (deleted)` of a removed cgroup is taken off: a zombie outlives its cgroup.
 * Seen from a private cgroup namespace a path may start with `/..`; these are taken off too.
 */
export function parseProcessCgroups(text: string): ProcessCgroups {
  const v1 = new Map<string, string>();
  let v2: string | undefined;
  for (const line of text.split('\n')) {
    const match = /^(\d+):([^:]*):(\/.*)$/s.exec(line);
    if (!match) continue;
    const path = cleanPath(match[3] ?? '/');
    if (match[1] === '0' && match[2] === '') v2 = path;
    else for (const controller of match[2]?.split(',') ?? []) v1.set(controller, path);
  }
  return { v1, v2 };
}

/**
 * The one path that tells most about where a process belongs, `/` when none does. Controllers may be mounted apart,
 * and a runtime may have put the process into a cgroup of only some of them.
 */
export function mainCgroup(cgroups: ProcessCgroups): string {
  const candidates = [cgroups.v2, cgroups.v1.get('name=systemd'), cgroups.v1.get('pids'), ...cgroups.v1.values()];
  return candidates.find((path) => path !== undefined && path !== '/') ?? '/';
}

function cleanPath(path: string): string {
  const live = path.endsWith(DELETED) ? path.slice(0, -DELETED.length) : path;
  return live.replace(/^(\/\.\.)+(?=\/|$)/, '') || '/';
}
