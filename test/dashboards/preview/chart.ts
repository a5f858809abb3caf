import { STEP } from '../../rules/replays/replay.ts';
import type { Field } from '../fields.ts';
import type { FieldConfig, PanelModel } from '../model.ts';
import type { Range } from '../query-api.ts';
import { timeTicks, valueTicks } from './axis.ts';
import { css, lineColor } from './colors.ts';
import type { Content, Mark, Size } from './content.ts';
import { legend } from './legend.ts';
import { type Markup, tag } from './markup.ts';
import { formatted } from './unit-format.ts';

const LEFT = 66;
const RIGHT = 8;
const TOP = 6;
const BOTTOM = 18;

/** Lines over time with axes, thresholds, annotations and a legend. */
export function chart({ panel, fields, range, marks, size }: Content): Markup[] {
  const { markup, left } = legend(panel, fields, size);
  return [plot(panel, stacked(fields), range, marks, left), markup];
}

/** Puts each line that is to be stacked on the one before. */
function stacked(fields: readonly Field[]): Field[] {
  const below = new Map<number, number>();
  return fields.map((field) => {
    const { mode } = (field.config.custom?.stacking ?? {}) as { mode?: string };
    if (mode !== 'normal') return field;
    const values = field.values.map(([time, value]) => {
      below.set(time, (below.get(time) ?? 0) + value);
      return [time, below.get(time) ?? 0] as const;
    });
    return { ...field, values };
  });
}

function plot(
  panel: PanelModel,
  fields: Field[],
  range: Range,
  marks: readonly Mark[],
  { width, height }: Size,
): Markup {
  const config = panel.fieldConfig?.defaults ?? {};
  const ticks = valueTicks(config, fields);
  const [low = 0, high = 1] = [ticks[0], ticks.at(-1)];
  const [right, bottom] = [width - RIGHT, height - BOTTOM];
  const x = (time: number) => LEFT + ((time - range.from) / (range.to - range.from)) * (right - LEFT);
  const y = (value: number) => bottom - ((value - low) / (high - low)) * (bottom - TOP);
  const across = (value: number) => ({ x1: LEFT, x2: right, y1: y(value), y2: y(value) });
  const clock = (time: number) => new Date(time * 1000).toISOString().slice(11, 16);
  return tag(
    'svg',
    { width, height },
    marks.map(({ from, to, color, title }) => {
      const place = { x: x(from), y: TOP, width: Math.max(1, x(to) - x(from)), height: bottom - TOP };
      return tag('rect', { ...place, fill: css(color), stroke: css(color), class: 'mark' }, tag('title', {}, title));
    }),
    ticks.map((tick) => [
      tag('line', { class: 'grid', ...across(tick) }),
      tag('text', { x: LEFT - 6, y: y(tick) + 4, 'text-anchor': 'end' }, formatted(tick, config.unit, config.decimals)),
    ]),
    timeTicks(range, right - LEFT).map((time) =>
      tag('text', { x: Math.min(x(time), width - 18), y: height - 3, 'text-anchor': 'middle' }, clock(time)),
    ),
    thresholds(config)
      .filter(({ value }) => value >= low && value <= high)
      .map(({ value, color }) => tag('line', { class: 'threshold', ...across(value), stroke: css(color) })),
    fields.map((field, index) => line(field, lineColor(field.config, index), x, y, y(Math.max(low, 0)))),
  );
}

function line(
  { values, config }: Field,
  stroke: string,
  x: (time: number) => number,
  y: (value: number) => number,
  floor: number,
): Markup[] {
  const dash = config.custom?.lineStyle === undefined ? undefined : '8 8';
  const opacity = Number(config.custom?.fillOpacity ?? 0) / 100;
  return unbroken(values.filter(([, value]) => Number.isFinite(value))).flatMap((stretch) => {
    const points = stretch.map(([time, value]) => `${x(time).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
    const [first = 0, last = 0] = [stretch[0]?.[0], stretch.at(-1)?.[0]].map((time) => x(time ?? 0));
    const area = tag('polygon', {
      points: `${first},${floor} ${points} ${last},${floor}`,
      fill: stroke,
      'fill-opacity': opacity,
    });
    return [
      ...(opacity > 0 ? [area] : []),
      tag('polyline', { points, stroke, 'stroke-dasharray': dash, class: 'line' }),
    ];
  });
}

/** A line breaks where steps are missing. */
function unbroken(values: Field['values']): Field['values'][] {
  const stretches: [number, number][][] = [];
  let before = -Infinity;
  for (const [time, value] of values) {
    if (time - before > STEP) stretches.push([]);
    stretches.at(-1)?.push([time, value]);
    before = time;
  }
  return stretches;
}

function thresholds({ thresholds, custom }: FieldConfig): { value: number; color: string }[] {
  const { mode = 'off' } = (custom?.thresholdsStyle ?? {}) as { mode?: string };
  if (mode === 'off') return [];
  return (thresholds?.steps ?? []).flatMap(({ value, color }) => (value === null ? [] : [{ value, color }]));
}
