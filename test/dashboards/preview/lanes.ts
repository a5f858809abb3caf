import { STEP } from '../../rules/replays/replay.ts';
import { type Field, mapped } from '../fields.ts';
import { timeTicks } from './axis.ts';
import { valueColor } from './colors.ts';
import type { Content } from './content.ts';
import { type Markup, tag } from './markup.ts';

const BOTTOM = 40;
const RIGHT = 8;

/** A lane for each field, in which stretches of the same value are one block; a legend of the states beneath. */
export function lanes({ fields, range, size: { width, height } }: Content): Markup[] {
  const bottom = height - BOTTOM;
  // At some 7 px a letter.
  const left = Math.min(width / 2, 12 + 7 * Math.max(...fields.map(({ name }) => name.length)));
  const lane = bottom / fields.length;
  const x = (time: number) => left + ((time - range.from) / (range.to - range.from)) * (width - RIGHT - left);
  const clock = (time: number) => new Date(time * 1000).toISOString().slice(11, 16);
  const drawn = fields.map((field, index) => [
    tag('text', { x: left - 8, y: (index + 0.5) * lane + 4, 'text-anchor': 'end' }, field.name),
    blocks(field).map(({ from, to, value }) => {
      const place = { x: x(from), y: index * lane + 2, width: x(to) - x(from), height: Math.max(2, lane - 4) };
      return tag('rect', { ...place, fill: valueColor(value, field.config), rx: 1 });
    }),
  ]);
  const ticks = timeTicks(range, width - left).map((time) =>
    tag('text', { x: Math.min(x(time), width - 18), y: bottom + 14, 'text-anchor': 'middle' }, clock(time)),
  );
  return [
    tag('svg', { width, height: bottom + BOTTOM / 2 }, drawn, ticks),
    tag('div', { class: 'legend' }, tag('div', { class: 'names' }, states(fields))),
  ];
}

/** Each value holds until the next one. */
function blocks({ values }: Field): { from: number; to: number; value: number }[] {
  const merged: { from: number; to: number; value: number }[] = [];
  for (const [time, value] of values) {
    const last = merged.at(-1);
    if (last?.value === value && last.to === time) last.to = time + STEP;
    else merged.push({ from: time, to: time + STEP, value });
  }
  return merged;
}

function states(fields: readonly Field[]): Markup[] {
  const seen = new Map(
    fields.flatMap(({ values, config }) =>
      values.map(([, value]) => [mapped(value, config)?.text ?? String(value), valueColor(value, config)] as const),
    ),
  );
  return [...seen].map(([text, color]) =>
    tag('span', { class: 'entry' }, tag('i', { style: `background:${color}` }), text),
  );
}
