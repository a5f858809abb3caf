import { posix } from 'node:path';
import type { Host } from '../host/host.ts';
import { Tree } from '../host/tree.ts';
import { parseProcessStat, parseStartTime } from '../kernel/process-stat.ts';
import { commandLine, processIds } from '../kernel/processes.ts';
import { standingOf } from './host-process.ts';

/** The daemons that run a node, the label `daemon`. */
export type Daemon = 'kubelet' | 'containerd' | 'dockerd' | 'crio';

export interface DaemonProcess {
  readonly daemon: Daemon;
  readonly pid: number;
  /** In clock ticks since boot: the id goes to another process one day, the two together never do. */
  readonly startTime: number;
  /** Whether it runs in a container that shares the host's PID namespace: the kubelet of RKE 1 does. */
  readonly inContainer?: true;
}

/**
 * Daemons by the name that /proc/PID/comm shows, 15 bytes at most. k3s and microk8s (kubelite) run the kubelet within a
 * process of their own; RKE2 and k0s start it under its name. containerd was docker-containerd in Docker 1.11 to 18.06, and
 * dockerd is dockerd-current in RHEL 7.
 */
const COMMANDS: ReadonlyMap<string, Daemon> = new Map([
  ['kubelet', 'kubelet'],
  ['k3s-server', 'kubelet'],
  ['k3s-agent', 'kubelet'],
  ['kubelite', 'kubelet'],
  ['containerd', 'containerd'],
  ['docker-containe', 'containerd'],
  ['dockerd', 'dockerd'],
  ['dockerd-current', 'dockerd'],
  ['crio', 'crio'],
]);

/**
 * The daemons of this host, not those that run in its containers or are called so by a user. It costs a read for each
 * process, but not of /proc/PID/cmdline, which waits for the memory map of a process that may be stuck itself. `pids`: all
 * processes, or a part of them.
 */
export function findDaemons(host: Host, pids = processIds(host)): DaemonProcess[] {
  return pids.flatMap((pid) => {
    const command = host.procfs.readIfPresent(`${pid}/comm`)?.trimEnd() ?? '';
    const daemon = COMMANDS.get(command);
    const standing = daemon && standingOf(host, pid);
    if (!standing || (standing !== 'host' && daemon !== 'kubelet')) return [];
    if (command === 'docker-containe' && isShim(host, pid)) return [];
    const stat = host.procfs.readIfPresent(`${pid}/stat`);
    if (stat === undefined) return [];
    return { daemon, pid, startTime: parseStartTime(stat), ...(standing !== 'host' && { inContainer: true }) };
  });
}

/**
 * The files as a daemon sees them: those below its own root if it is in a container, or has another root than process 1
 * (Talos runs its kubelet so). To look at the roots takes the capability SYS_PTRACE; without it they count as the same.
 */
export function filesOfDaemon(host: Host, { pid, inContainer }: DaemonProcess): Tree {
  const own = new Tree(host.procfs.local(`${pid}/root`));
  if (inContainer) return own;
  const [root, rootOfInit] = [rootInode(host, pid), rootInode(host, 1)];
  return root === undefined || rootOfInit === undefined || root === rootOfInit ? host.rootfs : own;
}

function rootInode(host: Host, pid: number): string | undefined {
  try {
    const status = host.procfs.statOfKernelLink(`${pid}/root`);
    return status && `${status.dev}:${status.ino}`;
  } catch {
    return undefined;
  }
}

/** Whether a process that was found runs still, by one read: another one with its id has started at another time. */
export function isRunning(host: Host, { daemon, pid, startTime }: DaemonProcess): boolean {
  const stat = host.procfs.readIfPresent(`${pid}/stat`);
  if (stat === undefined || parseStartTime(stat) !== startTime) return false;
  return COMMANDS.get(parseProcessStat(stat).command) === daemon;
}

/** The first 15 bytes of docker-containerd are those of docker-containerd-shim and of its `-current` in RHEL 7 too. */
function isShim(host: Host, pid: number): boolean {
  return posix.basename(commandLine(host, pid)[0] ?? '').startsWith('docker-containerd-shim');
}
