import { amount } from '../../rules/amount.ts';
import type { Level, Levels, Panel, Unit } from '../panel.ts';

/** The help text of a panel, as Markdown. */
export function describe(panel: Panel): string {
  return [
    panel.description,
    ...(panel.healthy === undefined ? [] : [`Healthy: ${panel.healthy}.`]),
    ...levelNotes(panel),
    ...(panel.story === undefined ? [] : [panel.story]),
  ].join('\n\n');
}

function levelNotes(panel: Panel): string[] {
  switch (panel.kind) {
    case 'timeseries':
    case 'stat':
      return notesOf(panel.thresholds ?? {}, panel.unit);
    case 'table':
      return panel.columns.flatMap(({ title, thresholds = {}, unit = panel.unit }) =>
        notesOf(thresholds, unit).map((note) => `${title}: ${note}`),
      );
    case 'bargauge':
    case 'state-timeline':
      return [];
  }
}

function notesOf({ warning, critical, below }: Levels, unit: Unit): string[] {
  const side = below ? 'below' : 'above';
  const note = (severity: string, { value, help }: Level) =>
    help === undefined ? [] : [`${severity} ${side} ${amount(value, unit)}. ${help}`];
  return [
    ...(warning === undefined ? [] : note('Warning', warning)),
    ...(critical === undefined ? [] : note('Critical', critical)),
  ];
}
