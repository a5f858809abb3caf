import { configOf } from '../fields.ts';
import type { PanelModel } from '../model.ts';
import { valueColor } from './colors.ts';
import { type Markup, tag } from './markup.ts';
import type { Cell, Table } from './table.ts';
import { shown } from './unit-format.ts';

/** A table with formatted and colored cells. */
export function tableMarkup(panel: PanelModel, { columns, rows }: Table): Markup {
  return tag(
    'table',
    { class: 'table' },
    tag(
      'tr',
      {},
      columns.map((column) => tag('th', {}, column)),
    ),
    rows.map((row) =>
      tag(
        'tr',
        {},
        row.map((cell, index) => cellOf(panel, columns[index] ?? '', cell)),
      ),
    ),
  );
}

function cellOf(panel: PanelModel, column: string, cell: Cell): Markup {
  if (typeof cell !== 'number') return tag('td', {}, cell ?? '');
  const config = configOf(panel, column, '');
  const { type = 'auto' } = (config.custom?.cellOptions ?? {}) as { type?: string };
  const color = valueColor(cell, config);
  const style =
    type === 'color-background'
      ? `background:${color};color:#fff`
      : type === 'color-text'
        ? `color:${color}`
        : undefined;
  return tag('td', { class: 'number', style }, shown(cell, config));
}
