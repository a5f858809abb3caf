import { readFileSync } from 'node:fs';

/** User and system CPU seconds of a process and of its children that ended (/proc/PID/stat, fields 14 to 17). */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // Ticks are hundredths of a second on every Linux architecture (USER_HZ).
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
}

/** Percent of a core that a process takes while something lasts. */
export async function cpuPercent(pid: number, act: () => Promise<unknown>): Promise<number> {
  const [before, start] = [cpuSeconds(pid), performance.now()];
  await act();
  return ((cpuSeconds(pid) - before) / (performance.now() - start)) * 100_000;
}

/** A line of /proc/PID/smaps_rollup, in MiB. */
export function memoryMiB(pid: number, field: 'Rss' | 'Anonymous'): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(new RegExp(`^${field}: +(\\d+) kB`, 'm').exec(rollup)?.[1]) / 1024;
}
