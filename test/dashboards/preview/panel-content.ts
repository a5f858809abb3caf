import { bars } from './bars.ts';
import { chart } from './chart.ts';
import type { Content } from './content.ts';
import { figures } from './figures.ts';
import { lanes } from './lanes.ts';
import { type Markup, tag } from './markup.ts';
import { tableOf } from './table.ts';
import { tableMarkup } from './table-markup.ts';

/** The inside of a panel. */
export function panelContent(content: Content): readonly Markup[] {
  const { panel, fields } = content;
  if (panel.type === 'text') return [tag('div', { class: 'text' }, panel.options?.content ?? '')];
  if (fields.length === 0) return [tag('div', { class: 'none' }, panel.fieldConfig?.defaults.noValue ?? 'No data')];
  switch (panel.type) {
    case 'timeseries':
      return chart(content);
    case 'stat':
      return figures(content);
    case 'gauge':
    case 'bargauge':
      return bars(content);
    case 'state-timeline':
      return lanes(content);
    case 'table':
      return [tableMarkup(panel, tableOf(panel, fields))];
    default:
      throw new Error(`panels of type ${panel.type} are not known here`);
  }
}
