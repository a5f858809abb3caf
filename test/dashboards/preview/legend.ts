import type { Field } from '../fields.ts';
import type { PanelModel } from '../model.ts';
import { lineColor } from './colors.ts';
import type { Size } from './content.ts';
import { type Markup, tag } from './markup.ts';
import { formatted } from './unit-format.ts';

const LINE = 18;
const RIGHT_WIDTH = 330;

/** What Grafana calls its calculations, and how they are made of the values of a line. */
const CALCS: Readonly<Record<string, { name: string; of: (values: readonly number[]) => number }>> = {
  max: { name: 'Max', of: (values) => Math.max(...values) },
  min: { name: 'Min', of: (values) => Math.min(...values) },
  mean: { name: 'Mean', of: (values) => values.reduce((sum, value) => sum + value, 0) / values.length },
  last: { name: 'Last', of: (values) => values.at(-1) ?? NaN },
  lastNotNull: { name: 'Last *', of: (values) => values.at(-1) ?? NaN },
};

/** The legend of a panel, and the place that it leaves for what it explains. */
export function legend({ options }: PanelModel, fields: readonly Field[], size: Size): { markup: Markup; left: Size } {
  const { showLegend = true, displayMode, placement, calcs = [] } = options?.legend ?? {};
  if (!showLegend || displayMode === 'hidden') return { markup: { markup: '' }, left: size };
  const isTable = displayMode === 'table';
  const markup = isTable ? table(fields, calcs) : list(fields);
  if (placement === 'right') {
    const height = size.height;
    return { markup: tag('div', { class: 'legend right' }, markup), left: { width: size.width - RIGHT_WIDTH, height } };
  }
  const wanted = isTable ? fields.length + 1 : rows(fields, size.width);
  const taken = Math.min(wanted * LINE, Math.floor(size.height * 0.4));
  const style = `height:${taken}px`;
  return {
    markup: tag('div', { class: 'legend', style }, markup),
    left: { width: size.width, height: size.height - taken },
  };
}

function list(fields: readonly Field[]): Markup {
  return tag('div', { class: 'names' }, fields.map(entry));
}

function table(fields: readonly Field[], ids: readonly string[]): Markup {
  const calcs = ids.flatMap((id) => CALCS[id] ?? []);
  const rows = fields
    .map((field, index) => ({
      field,
      index,
      values: calcs.map(({ of }) => of(field.values.map(([, value]) => value))),
    }))
    .sort((a, b) => (b.values[0] ?? 0) - (a.values[0] ?? 0));
  return tag(
    'table',
    {},
    tag(
      'tr',
      {},
      tag('th'),
      calcs.map(({ name }) => tag('th', {}, name)),
    ),
    rows.map(({ field, index, values }) => {
      const { unit, decimals } = field.config;
      const cells = values.map((value) => tag('td', {}, formatted(value, unit, decimals)));
      return tag('tr', {}, tag('td', {}, entry(field, index)), cells);
    }),
  );
}

function entry({ name, config }: Field, index: number): Markup {
  return tag('span', { class: 'entry' }, tag('i', { style: `background:${lineColor(config, index)}` }), name);
}

/** How many lines the names take, at some 7 px a letter. */
function rows(fields: readonly Field[], width: number): number {
  const letters = fields.reduce((sum, { name }) => sum + name.length + 5, 0);
  return Math.max(1, Math.ceil((letters * 7) / width));
}
