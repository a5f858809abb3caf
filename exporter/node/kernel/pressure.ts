import { absentAsUndefined } from '../host/absence.ts';
import type { Tree } from '../host/tree.ts';

/** For how long tasks waited for a resource, in microseconds, since the cgroup was made. */
export interface Pressure {
  /** At least one task. */
  readonly some: number;
  /** All tasks that had anything to do. */
  readonly full: number;
}

/**
 * A pressure file (Documentation/accounting/psi.rst): `some avg10=0.00 avg60=0.00 avg300=0.00 total=12345`, and the same
 * for `full`.
 */
export function parsePressure(text: string): Pressure {
  const [some, full] = ['some', 'full'].map((kind) => new RegExp(`^${kind} .*\\btotal=(\\d+)$`, 'm').exec(text)?.[1]);
  if (some === undefined || full === undefined) {
    throw new Error(`not a pressure file: ${JSON.stringify(text.slice(0, 80))}`);
  }
  return { some: Number(some), full: Number(full) };
}

/**
 * A pressure file of a cgroup, undefined when the kernel keeps none: before Linux 4.20 it is absent, and where pressure
 * is switched off (`psi=0`, `cgroup_disable=pressure`) it is absent or refuses to be read.
 */
export function readPressure(tree: Tree, path: string): Pressure | undefined {
  try {
    return absentAsUndefined(() => parsePressure(tree.read(path)));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EOPNOTSUPP' || code === 'ENOTSUP') return undefined;
    throw error;
  }
}
