import type { Host } from '../host/host.ts';

/** The ids of all processes. */
export function processIds(host: Host): number[] {
  return host.procfs
    .list()
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** The arguments of a process, its program first: /proc/PID/cmdline, each ended by NUL. */
export function commandLine(host: Host, pid: number): string[] {
  return host.procfs.readIfPresent(`${pid}/cmdline`)?.replace(/\0$/, '').split('\0') ?? [];
}
