import { TableCellDisplayMode, TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import * as table from '@grafana/grafana-foundation-sdk/table';
import type { Column, Table } from '../panel.ts';
import type { RenderContext } from './context.ts';
import { toNode } from './links.ts';
import { refId } from './ref-id.ts';
import { infinityMapping, levelSteps, stateMappings } from './steps.ts';
import { UNITS } from './units.ts';
import { DATASOURCE } from './variables.ts';

/** A table of instant queries, whose rows are joined by their labels. */
export function renderTable({ labels, columns, sortBy }: Table, context: RenderContext): table.PanelBuilder {
  const { cluster } = context.settings.labels;
  const fields = columns.map((_, index) => (columns.length === 1 ? 'Value' : `Value #${refId(index)}`));
  const titles = new Map([
    ...Object.entries(labels),
    ...columns.map(({ title }, index) => [fields[index] ?? '', title] as const),
  ]);
  const builder = new table.PanelBuilder()
    .targets(columns.map(target))
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({
      id: 'organize',
      options: {
        excludeByName: Object.fromEntries(
          ['Time', cluster, 'node'].filter((field) => !titles.has(field)).map((field) => [field, true]),
        ),
        indexByName: Object.fromEntries([...titles.keys()].map((field, index) => [field, index])),
        renameByName: Object.fromEntries(titles),
      },
    })
    .filterable(true)
    .sortBy([new TableSortByFieldStateBuilder().displayName(sortBy).desc(true)]);
  for (const column of columns) {
    const overrides = overridesOf(column);
    if (overrides.length > 0) builder.overrideByName(column.title, overrides);
  }
  if (labels.node !== undefined) {
    builder.overrideByName(labels.node, [{ id: 'links', value: context.nodeDashboards.map(toNode) }]);
  }
  return builder;
}

function target({ expr }: Column, index: number): DataqueryBuilder {
  return new DataqueryBuilder()
    .refId(refId(index))
    .datasource(DATASOURCE)
    .expr(expr)
    .format(PromQueryFormat.Table)
    .instant();
}

function overridesOf({ unit, thresholds, states, infinity }: Column): { id: string; value: unknown }[] {
  const cell = (type: TableCellDisplayMode) => ({ id: 'custom.cellOptions', value: { type } });
  return [
    ...(unit === undefined ? [] : [{ id: 'unit', value: UNITS[unit] }]),
    ...(infinity === undefined ? [] : [{ id: 'mappings', value: infinityMapping(infinity) }]),
    ...(thresholds === undefined && infinity === undefined
      ? []
      : [
          { id: 'thresholds', value: levelSteps(thresholds ?? {}, 'text').build() },
          cell(TableCellDisplayMode.ColorText),
        ]),
    ...(states === undefined
      ? []
      : [
          { id: 'mappings', value: stateMappings(states) },
          { id: 'custom.minWidth', value: 60 },
          cell(TableCellDisplayMode.ColorBackground),
        ]),
  ];
}
