import * as bargauge from '@grafana/grafana-foundation-sdk/bargauge';
import * as common from '@grafana/grafana-foundation-sdk/common';
import { FieldColorBuilder, FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import type { Bars, Figure, Graph, Lanes, Panel, Query } from '../panel.ts';
import { UNITS } from '../unit.ts';
import { toRunbook } from './links.ts';
import { refId } from './ref-id.ts';
import { coloredFrom, colorSteps, lineNotes, lineSteps, stateMappings } from './steps.ts';
import { renderTable } from './table.ts';
import { DATASOURCE } from './variables.ts';

/** Grafana's model of a panel, but for its id and place. */
export function renderPanel(panel: Panel) {
  const notes = 'lines' in panel && panel.lines !== undefined ? lineNotes(panel.lines) : [];
  return drawn(panel)
    .title(panel.title)
    .description([panel.description, ...notes].join('\n\n'))
    .links((panel.alerts ?? []).map(toRunbook))
    .datasource(DATASOURCE)
    .unit(UNITS[panel.unit])
    .noValue(panel.noData);
}

function drawn(panel: Panel) {
  switch (panel.kind) {
    case 'graph':
      return graph(panel);
    case 'figure':
      return figure(panel);
    case 'bars':
      return bars(panel);
    case 'lanes':
      return lanes(panel);
    case 'table':
      return renderTable(panel);
  }
}

function graph({ queries, lines, max, signed, events, ranked, width }: Graph): timeseries.PanelBuilder {
  const builder = new timeseries.PanelBuilder()
    .targets(queries.map((query, index) => target(query, index).range()))
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.PaletteClassic))
    .lineWidth(1)
    .fillOpacity(events ? 60 : 10)
    .drawStyle(events ? common.GraphDrawStyle.Bars : common.GraphDrawStyle.Line)
    .showPoints(common.VisibilityMode.Auto)
    .tooltip(
      new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending),
    )
    .legend(ranked ? rankedLegend(width) : listLegend());
  if (!signed) builder.min(0);
  if (max !== undefined) builder.max(max);
  if (lines !== undefined) {
    const style = new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Dashed);
    builder.thresholds(lineSteps(lines, 'transparent')).thresholdsStyle(style);
  }
  for (const [index, query] of queries.entries()) {
    if (query.limit) builder.overrideByQuery(refId(index), dashed(query.limit));
  }
  return builder;
}

/** A limit of the node, as against what it has. */
function dashed(fixedColor: string) {
  return [
    { id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 8] } },
    { id: 'custom.fillOpacity', value: 0 },
    { id: 'color', value: { mode: 'fixed', fixedColor } },
  ];
}

function listLegend(): common.VizLegendOptionsBuilder {
  return new common.VizLegendOptionsBuilder()
    .showLegend(true)
    .displayMode(common.LegendDisplayMode.List)
    .placement(common.LegendPlacement.Bottom);
}

function rankedLegend(width: number): common.VizLegendOptionsBuilder {
  return new common.VizLegendOptionsBuilder()
    .showLegend(true)
    .displayMode(common.LegendDisplayMode.Table)
    .placement(width > 12 ? common.LegendPlacement.Right : common.LegendPlacement.Bottom)
    .calcs(['max', 'lastNotNull'])
    .sortBy('Max')
    .sortDesc(true);
}

function figure({ query, lines, from }: Figure): stat.PanelBuilder {
  return new stat.PanelBuilder()
    .targets([target(query, 0).instant()])
    .thresholds(from === undefined ? colorSteps(lines ?? {}) : coloredFrom(from))
    .colorMode(common.BigValueColorMode.Value)
    .graphMode(common.BigValueGraphMode.None)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']));
}

function bars({ query }: Bars): bargauge.PanelBuilder {
  return new bargauge.PanelBuilder()
    .targets([target(query, 0).instant()])
    .thresholds(coloredFrom({ value: 1, color: 'orange' }))
    .min(0)
    .displayMode(common.BarGaugeDisplayMode.Basic)
    .orientation(common.VizOrientation.Horizontal)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']));
}

function lanes({ queries, states }: Lanes): statetimeline.PanelBuilder {
  return new statetimeline.PanelBuilder()
    .targets(queries.map((query, index) => target(query, index).range()))
    .mappings(stateMappings(states))
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor('text'))
    .mergeValues(true)
    .showValue(common.VisibilityMode.Never)
    .legend(listLegend())
    .tooltip(new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Single));
}

function target({ expr, legend }: Query, index: number): DataqueryBuilder {
  return new DataqueryBuilder().refId(refId(index)).datasource(DATASOURCE).expr(expr).legendFormat(legend);
}
