import * as bargauge from '@grafana/grafana-foundation-sdk/bargauge';
import * as common from '@grafana/grafana-foundation-sdk/common';
import { FieldColorBuilder, FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import type { BarGauge, Panel, Query, Stat, StateTimeline, TimeSeries } from '../panel.ts';
import type { RenderContext } from './context.ts';
import { describe } from './description.ts';
import { toRunbook } from './links.ts';
import { refId } from './ref-id.ts';
import { colorSteps, levelSteps, stateMappings } from './steps.ts';
import { renderTable } from './table.ts';
import { UNITS } from './units.ts';
import { DATASOURCE } from './variables.ts';

/** Grafana's model of a panel, without its id and place. */
export function renderPanel(panel: Panel, context: RenderContext) {
  return builderOf(panel, context)
    .title(panel.title)
    .description(describe(panel))
    .links((panel.alerts ?? []).map((alert) => toRunbook(alert, context.settings)))
    .datasource(DATASOURCE)
    .unit(UNITS[panel.unit])
    .noValue(panel.noData);
}

function builderOf(panel: Panel, context: RenderContext) {
  switch (panel.kind) {
    case 'timeseries':
      return timeSeries(panel);
    case 'stat':
      return statPanel(panel);
    case 'bargauge':
      return barGauge(panel);
    case 'state-timeline':
      return stateTimeline(panel);
    case 'table':
      return renderTable(panel, context);
  }
}

function timeSeries({
  queries,
  thresholds,
  max,
  signed,
  events,
  legendTable,
  width,
}: TimeSeries): timeseries.PanelBuilder {
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
    .legend(legendTable ? tableLegend(width) : listLegend());
  if (!signed) builder.min(0);
  if (max !== undefined) builder.max(max);
  if (thresholds !== undefined) {
    const style = new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Dashed);
    builder.thresholds(levelSteps(thresholds, 'transparent')).thresholdsStyle(style);
  }
  for (const [index, query] of queries.entries()) {
    if (query.limitColor) builder.overrideByQuery(refId(index), dashedLine(query.limitColor));
  }
  return builder;
}

/** Sets a limit apart from measured values. */
function dashedLine(fixedColor: string) {
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

function tableLegend(width: number): common.VizLegendOptionsBuilder {
  return new common.VizLegendOptionsBuilder()
    .showLegend(true)
    .displayMode(common.LegendDisplayMode.Table)
    .placement(width > 12 ? common.LegendPlacement.Right : common.LegendPlacement.Bottom)
    .calcs(['max', 'lastNotNull'])
    .sortBy('Max')
    .sortDesc(true);
}

function statPanel({ query, thresholds = {} }: Stat): stat.PanelBuilder {
  return new stat.PanelBuilder()
    .targets([target(query, 0).instant()])
    .thresholds(colorSteps(thresholds))
    .colorMode(common.BigValueColorMode.Value)
    .graphMode(common.BigValueGraphMode.None)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']));
}

function barGauge({ query }: BarGauge): bargauge.PanelBuilder {
  return new bargauge.PanelBuilder()
    .targets([target(query, 0).instant()])
    .thresholds(colorSteps({ warning: { value: 1 } }))
    .min(0)
    .displayMode(common.BarGaugeDisplayMode.Basic)
    .orientation(common.VizOrientation.Horizontal)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']));
}

function stateTimeline({ queries, states }: StateTimeline): statetimeline.PanelBuilder {
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
