/**
 * The real, effective, saved and file-system user of a process: the line `Uid:	0	0	0	0` of /proc/PID/status
 * (proc_pid_status(5)). Empty without that line.
 */
export function parseUids(status: string): number[] {
  return numbersOf(status, 'Uid');
}

/**
 * The ids of a process in each PID namespace that it is in, that of the reader's /proc first: `NSpid:	900	1` is a process
 * of a namespace below. Since Linux 4.1; empty without that line.
 */
export function parseNamespacePids(status: string): number[] {
  return numbersOf(status, 'NSpid');
}

function numbersOf(status: string, name: string): number[] {
  const values = new RegExp(`^${name}:[\\t ]*(\\d[\\d\\t ]*)$`, 'm').exec(status)?.[1];
  return values === undefined ? [] : values.trim().split(/\s+/).map(Number);
}
