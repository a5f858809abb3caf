/** The fields of /proc/PID/stat that Foreshock uses. */
export interface ProcessStat {
  readonly pid: number;
  /** The thread's name, up to 15 bytes, any byte but NUL in it. */
  readonly command: string;
  /** R running, S sleeping, D uninterruptible, Z zombie, X dead, T stopped, I idle … */
  readonly state: string;
  readonly parent: number;
}

/**
 * One line of /proc/PID/stat: `26162 (sh) Z 25993 25993 …` (proc_pid_stat(5)).
 * The command is not escaped and may hold spaces, brackets and newlines, so it ends at the last `)`.
 */
export function parseProcessStat(text: string): ProcessStat {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  const state = text.charAt(close + 2);
  const afterParent = text.indexOf(' ', close + 4);
  const pid = Number.parseInt(text, 10);
  const parent = Number.parseInt(text.slice(close + 4, afterParent === -1 ? undefined : afterParent), 10);
  if (open < 1 || close < open || state === '' || !Number.isInteger(pid) || !Number.isInteger(parent)) {
    throw new Error(`not a /proc/PID/stat line: ${JSON.stringify(text.slice(0, 80))}`);
  }
  return { pid, command: text.slice(open + 1, close), state, parent };
}

/** The state alone, for a scan of all processes of which few matter. */
export function processState(text: string): string {
  const close = text.lastIndexOf(')');
  const state = close === -1 ? '' : text.charAt(close + 2);
  if (state === '') throw new Error(`not a /proc/PID/stat line: ${JSON.stringify(text.slice(0, 80))}`);
  return state;
}

/** Time on the CPU, in user and kernel mode, in ticks of which 100 are a second: fields 14 and 15, `utime` and `stime`. */
export function parseProcessTicks(text: string): number {
  return field(text, 14) + field(text, 15);
}

/** When a process was started, in ticks since boot: field 22. Its id goes to another process one day, with another time. */
export function parseStartTime(text: string): number {
  return field(text, 22);
}

/** A whole number; the fields are counted from 1, the state is the third. */
function field(text: string, position: number): number {
  const fromState = text.slice(text.lastIndexOf(')') + 2).split(' ', position - 2);
  const value = Number(fromState[position - 3]);
  if (!Number.isInteger(value)) throw new Error(`not a /proc/PID/stat line: ${JSON.stringify(text.slice(0, 80))}`);
  return value;
}
