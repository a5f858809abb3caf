import type { CollectorContext } from '../collector.ts';
import { isDaemon } from '../daemons/daemon-processes.ts';
import { type Sighting, sight } from '../daemons/sighting.ts';
import type { Host } from '../host/host.ts';
import { commandLine } from '../kernel/processes.ts';
import { kubeletArguments } from './arguments.ts';

/** The kubelet, or the process that it is a part of. */
export interface KubeletProcess {
  readonly pid: number;
  /** Its flags. */
  readonly args: readonly string[];
}

/** Seconds after which all processes are looked at again for a kubelet that was not there, each of which costs a read. */
const PATIENCE = 300;

/** Finds the kubelet of this host, where the last look found it while it is there. */
export function findKubelet(
  context: Pick<CollectorContext, 'host' | 'containers' | 'now'>,
  last?: Sighting,
): { kubelet: KubeletProcess | undefined; look: Sighting } {
  const look = sight(context, 'kubelet', last, PATIENCE);
  return { kubelet: look.pid === undefined ? undefined : readKubelet(context.host, look.pid), look };
}

/** Undefined when the process has ended. */
function readKubelet(host: Host, pid: number): KubeletProcess | undefined {
  if (!isDaemon(host, pid, 'kubelet')) return undefined;
  const [program, ...args] = commandLine(host, pid);
  const command = host.procfs.readIfPresent(`${pid}/comm`)?.trimEnd();
  return program && command ? { pid, args: kubeletArguments(host, command, args) } : undefined;
}
