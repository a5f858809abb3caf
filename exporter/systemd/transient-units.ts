import { absentAsUndefined } from '../absence.ts';
import type { Tree } from '../tree.ts';

/** Where systemd writes down transient units since 230, and where before. */
const DIRECTORIES = ['/run/systemd/transient', '/run/systemd/system'] as const;

/** Every type of unit (systemd.unit(5)). */
const ENTRY = /^(.+\.(service|socket|target|device|mount|automount|swap|timer|path|slice|scope))(?:\.d)?$/;

/** What is in one of the directories: unit files, and directories `<unit>.d` of drop-ins. */
export interface Listing {
  readonly directory: string;
  readonly entries: ReadonlySet<string>;
}

/**
 * One listing of each directory that is there, names alone; none on a host without systemd, because the second is there
 * if and only if systemd runs (sd_booted(3)).
 */
export function listTransient(rootfs: Tree): Listing[] {
  return DIRECTORIES.flatMap((directory) => {
    const entries = absentAsUndefined(() => rootfs.list(directory));
    return entries ? [{ directory, entries: new Set(entries) }] : [];
  });
}

/** Types by name, each unit once however many entries it has. */
export function transientUnits(listings: readonly Listing[]): Map<string, string> {
  const units = new Map<string, string>();
  for (const { directory, entries } of listings) {
    for (const entry of entries) {
      const [, unit, type] = ENTRY.exec(entry) ?? [];
      if (unit === undefined || type === undefined) continue;
      if (directory === DIRECTORIES[0] || isTransientByName(unit, type)) units.set(unit, type);
    }
  }
  return units;
}

/**
 * Before systemd 230 transient units lie among what administrators and generators put into /run/systemd/system. There
 * every scope is transient, because scopes can be made in no other way (systemd.scope(5)), and every unit that
 * systemd-run named, after its process or at random (src/run/run.c). Mount units get no file unless systemd-mount, which
 * is younger, made them.
 */
function isTransientByName(unit: string, type: string): boolean {
  return (type === 'scope' && unit !== 'init.scope') || /^run-(?:\d+|r[0-9a-f]{32})\.\w+$/.test(unit);
}

/** The files of a unit that can hold its description: its own, or the drop-in that systemd before 230 writes. */
export function descriptionFiles(unit: string, listings: readonly Listing[]): string[] {
  return listings.flatMap(({ directory, entries }) => [
    ...(entries.has(unit) ? [`${directory}/${unit}`] : []),
    ...(entries.has(`${unit}.d`) ? [`${directory}/${unit}.d/50-Description.conf`] : []),
  ]);
}
