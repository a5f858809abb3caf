import type { Field } from '../fields.ts';
import type { FieldConfig } from '../model.ts';
import type { Range } from '../query-api.ts';
import { axisBase } from './unit-format.ts';

/** The values of an axis at which there are grid lines; the first and the last are its ends. */
export function valueTicks({ unit, min, max }: FieldConfig, fields: readonly Field[]): number[] {
  const values = fields.flatMap((field) => field.values.map(([, value]) => value)).filter(Number.isFinite);
  const low = min ?? Math.min(...values, 0);
  const top = max ?? Math.max(...values, low);
  const high = top > low ? top : low + 1;
  const base = axisBase(unit, high);
  const step = niceStep((high - low) / base / 4) * base;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}

/** Times on whole 5, 10, 15 … minutes, as many as there is place for their names on so many pixels. */
export function timeTicks({ from, to }: Range, pixels: number): number[] {
  const most = pixels / 60;
  const step =
    [300, 600, 900, 1800, 3600, 7200, 10800, 21600].find((seconds) => (to - from) / seconds <= most) ?? 43200;
  const first = Math.ceil(from / step) * step;
  return Array.from({ length: Math.floor((to - first) / step) + 1 }, (_, index) => first + index * step);
}

/** 1, 2 or 5 times a power of ten, and no less than this. */
function niceStep(size: number): number {
  const power = 10 ** Math.floor(Math.log10(size));
  return ([1, 2, 5, 10].find((factor) => factor * power >= size * 0.999) ?? 10) * power;
}
