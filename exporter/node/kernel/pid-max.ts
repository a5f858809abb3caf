import type { Host } from '../host/host.ts';

/** The first version whose kernel.pid_max belongs to a PID namespace (kernel/pid_namespace.c, pid_table). */
const NAMESPACED_SINCE = [6, 14] as const;

/** Why `readPidMax` knows nothing. */
export const PID_MAX_HIDDEN =
  "kernel.pid_max of the host: since Linux 6.14 it is readable only in the host's PID namespace (hostPID, --pid=host)";

/**
 * The host's kernel.pid_max, one number and a newline. Since Linux 6.14 each PID namespace has its own, and the file shows
 * that of whoever reads it, whichever /proc is mounted: undefined for a reader that is not in the first one.
 * Throws when the file is unreadable or anything else.
 */
export function readPidMax({ procfs }: Host): number | undefined {
  const text = procfs.read('sys/kernel/pid_max');
  if (isNamespaced(procfs.readIfPresent('sys/kernel/osrelease') ?? '') && !isInFirstNamespace(procfs)) return undefined;
  return parsePidLimit(text);
}

/** `4194304` and a newline, as in pid_max and pids.max. Throws for any other text, `max` included. */
export function parsePidLimit(text: string): number {
  if (!/^\d+\n?$/.test(text)) throw new Error(`not a limit of process IDs: ${JSON.stringify(text.slice(0, 80))}`);
  return Number(text);
}

/** Whether a kernel is new enough, by its release such as `6.18.44-generic`; one that is not known is. */
function isNamespaced(release: string): boolean {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(release) ?? [];
  if (major === undefined) return true;
  const [sinceMajor, sinceMinor] = NAMESPACED_SINCE;
  return Number(major) > sinceMajor || (Number(major) === sinceMajor && Number(minor) >= sinceMinor);
}

/**
 * Whether this process is in the first PID namespace of the kernel, which a number of its own names (include/linux/proc_ns.h,
 * PROC_PID_INIT_INO). In the /proc of a namespace that it is not in, `self` leads nowhere; a recorded /proc has no such link.
 */
function isInFirstNamespace(procfs: Host['procfs']): boolean {
  return procfs.lstat('self')?.isSymbolicLink() !== true || procfs.readLink('self/ns/pid') === 'pid:[4026531836]';
}
