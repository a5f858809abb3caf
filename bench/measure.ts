import { readFileSync } from 'node:fs';
import { collectors } from '../exporter/node/collectors/index.ts';

/** The flags that switch all other collectors off. */
export function onlyCollectors(...wanted: readonly string[]): string[] {
  return collectors.filter(({ name }) => !wanted.includes(name)).map(({ name }) => `--no-collector.${name}`);
}

/** User and system CPU seconds of a process and of its children that ended (/proc/PID/stat, fields 14 to 17). */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // Ticks are hundredths of a second on every Linux architecture (USER_HZ).
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
}

/** A line of /proc/PID/smaps_rollup, in MiB. */
export function memoryMiB(pid: number, field: 'Rss' | 'Anonymous'): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(new RegExp(`^${field}: +(\\d+) kB`, 'm').exec(rollup)?.[1]) / 1024;
}

/** The value below which `share` of the sorted values are. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Milliseconds with one decimal. */
export function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}
