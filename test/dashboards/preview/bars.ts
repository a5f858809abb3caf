import { valueColor } from './colors.ts';
import type { Content } from './content.ts';
import { type Markup, tag } from './markup.ts';
import { shown } from './unit-format.ts';

/** A bar for the last value of each field, as long as it is large. */
export function bars({ fields, size }: Content): Markup[] {
  const rows = fields.map(({ name, config, values }) => ({ name, config, value: values.at(-1)?.[1] ?? NaN }));
  const longest = Math.max(...rows.map(({ config, value }) => config.max ?? value), 1e-9);
  const height = Math.max(18, Math.min(34, size.height / rows.length - 4));
  const items = rows.map(({ name, config, value }) => {
    const color = valueColor(value, config);
    const style = `width:${Math.min(100, (100 * value) / longest).toFixed(1)}%;background:${color}`;
    return [
      tag('span', { class: 'name' }, name),
      tag('div', { class: 'track', style: `height:${height}px` }, tag('div', { style })),
      tag('b', { style: `color:${color}` }, shown(value, config)),
    ];
  });
  return [tag('div', { class: 'bars' }, items)];
}
