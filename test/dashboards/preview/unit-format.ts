import { mapped } from '../fields.ts';
import type { FieldConfig } from '../model.ts';

/** Names of a unit's magnitudes: each is so many times the one before. */
interface Scale {
  readonly names: readonly string[];
  readonly factors: readonly number[];
}

const thousands = (...names: string[]): Scale => ({ names, factors: names.map((_, index) => 1000 ** index) });
const binary = (suffix: string): Scale => {
  const names = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  return { names: names.map((name) => ` ${name}${suffix}`), factors: names.map((_, index) => 1024 ** index) };
};

/** The units that Grafana calls by these ids (packages/grafana-data/src/valueFormats/categories.ts). */
const SCALES: Readonly<Record<string, Scale>> = {
  short: thousands('', ' K', ' Mil', ' Bil', ' Tri'),
  cps: thousands(' c/s', 'K c/s', 'M c/s'),
  reqps: thousands(' req/s', 'K req/s', 'M req/s'),
  ops: thousands(' ops/s', 'K ops/s', 'M ops/s'),
  bytes: binary(''),
  binBps: binary('/s'),
  decbytes: thousands(' B', ' kB', ' MB', ' GB', ' TB', ' PB'),
  Bps: thousands(' B/s', ' kB/s', ' MB/s', ' GB/s', ' TB/s'),
  s: {
    names: [' ns', ' µs', ' ms', ' s', ' min', ' hour', ' day', ' week', ' year'],
    factors: [1e-9, 1e-6, 1e-3, 1, 60, 3600, 86400, 604800, 31556900],
  },
};

/** A value as its panel shows it: by its mapping, or with its unit. */
export function shown(value: number, config: FieldConfig): string {
  return mapped(value, config)?.text ?? formatted(value, config.unit, config.decimals);
}

/** A value with its unit. */
export function formatted(value: number, unit = 'short', decimals?: number): string {
  if (!Number.isFinite(value)) return String(value).replace('Infinity', '∞');
  if (unit === 'none') return digits(value, decimals);
  if (unit === 'percentunit') return `${digits(value * 100, decimals)}%`;
  if (unit === 'percent') return `${digits(value, decimals)}%`;
  if (unit === 'dateTimeAsIso') return new Date(value).toISOString().slice(0, 19).replace('T', ' ');
  const scale = SCALES[unit];
  if (scale === undefined) throw new Error(`the unit ${unit} is not known here`);
  const unscaled = scale.factors.indexOf(1);
  const found = scale.factors.findLastIndex((factor) => Math.abs(value) >= factor);
  const index = value === 0 ? unscaled : Math.max(0, found);
  return digits(value / (scale.factors[index] ?? 1), decimals) + (scale.names[index] ?? '');
}

/** Steps of an axis in this unit are multiples of 1, 2 or 5 of this. */
export function axisBase(unit: string | undefined, size: number): number {
  const scale = SCALES[unit ?? ''];
  if (scale === undefined || unit === 's') return 1;
  return scale.factors.findLast((factor) => size >= factor) ?? 1;
}

/** Three digits that count, unless the panel says how many stand behind the point. */
function digits(value: number, decimals?: number): string {
  if (decimals !== undefined) return value.toFixed(decimals);
  const behind = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1)));
  return String(Number(value.toFixed(Math.min(behind, 6))));
}
