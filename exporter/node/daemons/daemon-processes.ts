import { posix } from 'node:path';
import type { ContainerDirectory } from '../containers/directory.ts';
import type { Host } from '../host/host.ts';
import { mainCgroup, parseProcessCgroups } from '../kernel/process-cgroup.ts';
import { parseProcessStat, parseStartTime } from '../kernel/process-stat.ts';
import { commandLine, processIds } from '../kernel/processes.ts';

/** The daemons that run a node, the label `daemon`. */
export type Daemon = 'kubelet' | 'containerd' | 'dockerd' | 'crio';

export interface DaemonProcess {
  readonly daemon: Daemon;
  readonly pid: number;
  /** In clock ticks since boot: the id goes to another process one day, the two together never do. */
  readonly startTime: number;
}

/**
 * Daemons by the name that /proc/PID/comm shows, 15 bytes at most. k3s and microk8s (kubelite) run the kubelet within a
 * process of their own; RKE2 and k0s start it under its name. containerd was docker-containerd in Docker 1.11 to 18.06.
 */
const COMMANDS: ReadonlyMap<string, Daemon> = new Map([
  ['kubelet', 'kubelet'],
  ['k3s-server', 'kubelet'],
  ['k3s-agent', 'kubelet'],
  ['kubelite', 'kubelet'],
  ['containerd', 'containerd'],
  ['docker-containe', 'containerd'],
  ['dockerd', 'dockerd'],
  ['crio', 'crio'],
]);

/**
 * The daemons of this host, not those that run in its containers. It costs a read for each process, but
 * not of /proc/PID/cmdline, which waits for the memory map of a process that may be stuck itself. `pids`: all processes,
 * or a part of them.
 */
export function findDaemons(host: Host, containers: ContainerDirectory, pids = processIds(host)): DaemonProcess[] {
  return pids.flatMap((pid) => {
    const command = host.procfs.readIfPresent(`${pid}/comm`)?.trimEnd() ?? '';
    const daemon = COMMANDS.get(command);
    if (!daemon || (command === 'docker-containe' && isShim(host, pid))) return [];
    const stat = host.procfs.readIfPresent(`${pid}/stat`);
    if (stat === undefined || isContained(host, pid, containers)) return [];
    return { daemon, pid, startTime: parseStartTime(stat) };
  });
}

/** Whether a process that was found runs still, by one read: another one with its id has started at another time. */
export function isRunning(host: Host, { daemon, pid, startTime }: DaemonProcess): boolean {
  const stat = host.procfs.readIfPresent(`${pid}/stat`);
  if (stat === undefined || parseStartTime(stat) !== startTime) return false;
  return COMMANDS.get(parseProcessStat(stat).command) === daemon;
}

/** The first 15 bytes of docker-containerd are those of docker-containerd-shim too. */
function isShim(host: Host, pid: number): boolean {
  return posix.basename(commandLine(host, pid)[0] ?? '') === 'docker-containerd-shim';
}

function isContained(host: Host, pid: number, containers: ContainerDirectory): boolean {
  const cgroups = parseProcessCgroups(host.procfs.readIfPresent(`${pid}/cgroup`) ?? '');
  return containers.containerOfCgroup(mainCgroup(cgroups)) !== undefined;
}
