import { valueColor } from './colors.ts';
import type { Content } from './content.ts';
import { type Markup, tag } from './markup.ts';
import { shown } from './unit-format.ts';

/** Large numbers: the last of each field. */
export function figures({ panel, fields }: Content): Markup[] {
  const background = panel.options?.colorMode?.startsWith('background');
  const named = fields.length > 1 || panel.options?.textMode === 'value_and_name';
  const items = fields.map(({ name, config, values }) => {
    const value = values.at(-1)?.[1] ?? NaN;
    const color = valueColor(value, config);
    return tag(
      'div',
      { class: 'figure', style: background ? `background:${color};color:#fff` : `color:${color}` },
      tag('b', {}, shown(value, config)),
      named ? tag('span', {}, name) : [],
    );
  });
  return [tag('div', { class: 'figures' }, items)];
}
