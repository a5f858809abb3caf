import type { Host } from '../host/host.ts';
import { commandLine } from '../kernel/processes.ts';
import { kubeletArguments } from './arguments.ts';

/** The kubelet, or the process that it is a part of. */
export interface KubeletProcess {
  readonly pid: number;
  /** Its flags. */
  readonly args: readonly string[];
}

/** The flags of the kubelet that a process is or has within it; undefined when it has ended. */
export function readKubeletProcess(host: Host, pid: number): KubeletProcess | undefined {
  const [program, ...args] = commandLine(host, pid);
  const command = host.procfs.readIfPresent(`${pid}/comm`)?.trimEnd();
  return program && command ? { pid, args: kubeletArguments(host, command, args) } : undefined;
}
