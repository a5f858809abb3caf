import { absentAsUndefined } from '../host/absence.ts';
import type { Tree } from '../host/tree.ts';

/** Where systemd writes down transient units since 230, and where before. */
const TRANSIENT = '/run/systemd/transient';
const RUNTIME = '/run/systemd/system';

/** Every type of unit (systemd.unit(5)), those that leak first. */
const TYPES = [
  'scope',
  'mount',
  'service',
  'slice',
  'timer',
  'socket',
  'path',
  'target',
  'device',
  'automount',
  'swap',
];

/** Types by name. */
export type Units = ReadonlyMap<string, string>;

/**
 * The transient units, from the names of unit files and of directories of drop-ins, `<unit>.d`: each once, however much
 * there is of it. Undefined on a host without systemd, because /run/systemd/system is there if and only if systemd runs
 * (sd_booted(3)).
 */
export function listTransientUnits(rootfs: Tree): Units | undefined {
  const [transient, runtime] = [TRANSIENT, RUNTIME].map((path) => absentAsUndefined(() => rootfs.list(path)));
  if (!transient && !runtime) return undefined;
  const units = new Map<string, string>();
  for (const entry of transient ?? []) addUnit(units, entry, () => true);
  for (const entry of runtime ?? []) addUnit(units, entry, isTransientByName);
  return units;
}

/** There may be 100,000, so nothing is allocated for those that have a unit file. */
function addUnit(
  units: Map<string, string>,
  entry: string,
  isTransient: (unit: string, type: string) => boolean,
): void {
  const unit = entry.endsWith('.d') ? entry.slice(0, -2) : entry;
  const type = TYPES.find((type) => unit.endsWith(type) && unit.at(-type.length - 1) === '.');
  if (type !== undefined && unit.length > type.length + 1 && isTransient(unit, type)) units.set(unit, type);
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

/** The files that may hold a unit's description: its own, and the drop-in that systemd before 230 writes. */
export function descriptionFiles(unit: string): string[] {
  return [TRANSIENT, RUNTIME].flatMap((directory) => [
    `${directory}/${unit}`,
    `${directory}/${unit}.d/50-Description.conf`,
  ]);
}
