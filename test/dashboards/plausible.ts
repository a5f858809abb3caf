import { mapped } from './fields.ts';
import type { FieldConfig } from './model.ts';

const YEAR = 31_557_600;

/** What values of a unit can be, at a Unix time; of others anything that is a number. */
const BOUNDS: Readonly<Record<string, (time: number) => readonly [number, number]>> = {
  bytes: () => [0, 1e15],
  binBps: () => [0, 1e12],
  s: () => [0, 10 * YEAR],
  // A little above 100 %, for counters that are read at different moments.
  percentunit: () => [0, 1.05],
  short: () => [0, 1e9],
  cps: () => [0, 1e9],
  reqps: () => [0, 1e6],
  dateTimeAsIso: (time) => [1000 * (time - YEAR), 1000 * time],
};

/** Why a value cannot be what its unit says; undefined when it can. */
export function implausible(value: number, time: number, config: FieldConfig): string | undefined {
  if (mapped(value, config) !== undefined) return undefined;
  if (!Number.isFinite(value)) return `is ${value}`;
  const bounds = BOUNDS[config.unit ?? ''];
  if (bounds === undefined) return `has the unit ${config.unit}, whose values are not known here`;
  const [usual, high] = bounds(time);
  // What an axis does not begin at 0 may be below: a distance from a limit.
  const low = config.unit === 'bytes' && config.min === undefined ? -high : usual;
  return value < low || value > high ? `is ${value} ${config.unit}, not ${low} to ${high}` : undefined;
}
