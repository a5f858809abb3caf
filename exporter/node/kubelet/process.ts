import type { Host } from '../host/host.ts';
import type { Tree } from '../host/tree.ts';
import { commandLine } from '../kernel/processes.ts';
import { kubeletArguments } from './arguments.ts';

/** The kubelet, or the process that it is a part of. */
export interface KubeletProcess {
  readonly pid: number;
  /** Its flags. */
  readonly args: readonly string[];
}

/**
 * The flags of the kubelet that a process is or has within it, `files` being the files that it sees; undefined when it has
 * ended.
 */
export function readKubeletProcess(host: Host, pid: number, files: Tree = host.rootfs): KubeletProcess | undefined {
  const [program, ...args] = commandLine(host, pid);
  const command = host.procfs.readIfPresent(`${pid}/comm`)?.trimEnd();
  return program && command ? { pid, args: kubeletArguments(files, command, args) } : undefined;
}
