import { readFileSync } from 'node:fs';

/**
 * How many files and connections this process may have open, by its soft limit in /proc/self/limits:
 * `Max open files            1024                 524288               files`. Infinite when that is not known.
 */
export function maxOpenFiles(limits = readLimits()): number {
  const soft = Number(/^Max open files +(\d+)/m.exec(limits)?.[1]);
  return Number.isNaN(soft) ? Number.POSITIVE_INFINITY : soft;
}

function readLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return '';
  }
}
