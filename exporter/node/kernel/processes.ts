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

/** Variables in the environment that a process was started with: those of these names, none where it may not be read. */
export function environmentOf(host: Host, pid: number, names: readonly string[]): Record<string, string> {
  const text = tryToRead(host, `${pid}/environ`);
  const pairs = text.split('\0').map((pair) => [pair.split('=', 1)[0] ?? '', pair.slice(pair.indexOf('=') + 1)]);
  return Object.fromEntries(pairs.filter(([name]) => names.includes(name ?? '')));
}

/** It takes the capability SYS_PTRACE to read that of another process. */
function tryToRead(host: Host, path: string): string {
  try {
    return host.procfs.readIfPresent(path) ?? '';
  } catch {
    return '';
  }
}
