import type { Entry } from './temporary-host.ts';

interface Process {
  /** Its arguments after the program. */
  readonly args?: readonly string[];
  readonly cgroup?: string;
  /** In clock ticks since boot. */
  readonly startTime?: number;
  /** Real, effective, saved and file-system user. */
  readonly uids?: readonly number[];
  /** Its id in each PID namespace, that of the host first. */
  readonly namespacePids?: readonly number[];
}

/** The files below /proc of a sleeping process. */
export function processEntries(
  pid: number,
  command: string,
  { args = [], cgroup = '/', startTime = 234_928, uids = [0, 0, 0, 0], namespacePids = [pid] }: Process = {},
): Record<string, Entry> {
  return {
    [`/proc/${pid}/comm`]: `${command}\n`,
    [`/proc/${pid}/cmdline`]: `${[`/usr/bin/${command}`, ...args].join('\0')}\0`,
    [`/proc/${pid}/cgroup`]: `4:memory:${cgroup}\n0::${cgroup}\n`,
    [`/proc/${pid}/status`]: `Name:\t${command}\nUid:\t${uids.join('\t')}\nNSpid:\t${namespacePids.join('\t')}\n`,
    [`/proc/${pid}/stat`]: `${pid} (${command}) S 1 2626 1320 0 -1 4194304 12653 11514 2 20 422 208 13 4 20 0 20 0 ${startTime} 796659712\n`,
  };
}
