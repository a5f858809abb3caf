import type { CollectorContext } from '../collector.ts';
import { findDaemons, isDaemon } from '../daemons/daemon-processes.ts';
import type { Host } from '../host.ts';
import { commandLine } from '../kernel/processes.ts';
import { kubeletArguments } from './arguments.ts';

/** The kubelet, or the process that it is a part of. */
export interface KubeletProcess {
  readonly pid: number;
  /** Its flags. */
  readonly args: readonly string[];
}

/** The last look at all processes for the kubelet. */
export interface KubeletLook {
  readonly pid: number | undefined;
  readonly at: number;
}

/** Seconds after which all processes are looked at again, each of which costs a read. */
const LOOK_INTERVAL = 300;

/** Finds the kubelet of this host, by the last look while that is recent and its process is there. */
export function findKubelet(
  { host, containers, now }: Pick<CollectorContext, 'host' | 'containers' | 'now'>,
  last?: KubeletLook,
): { kubelet: KubeletProcess | undefined; look: KubeletLook } {
  if (last && now() - last.at < LOOK_INTERVAL) {
    const kubelet = last.pid === undefined ? undefined : readKubelet(host, last.pid);
    if (kubelet || last.pid === undefined) return { kubelet, look: last };
  }
  const pid = findDaemons(host, containers).find(({ daemon }) => daemon === 'kubelet')?.pid;
  return { kubelet: pid === undefined ? undefined : readKubelet(host, pid), look: { pid, at: now() } };
}

/** Undefined when the process has ended. */
function readKubelet(host: Host, pid: number): KubeletProcess | undefined {
  if (!isDaemon(host, pid, 'kubelet')) return undefined;
  const [program, ...args] = commandLine(host, pid);
  const command = host.procfs.readIfPresent(`${pid}/comm`)?.trimEnd();
  return program && command ? { pid, args: kubeletArguments(host, command, args) } : undefined;
}
