import { createHash } from 'node:crypto';
import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkPlacement,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { DashboardSource } from '../dashboard.ts';
import type { Panel, Row } from '../panel.ts';
import { renderAnnotation } from './annotations.ts';
import type { RenderContext } from './context.ts';
import { TAG, toOtherDashboards, toRunbooks } from './links.ts';
import { renderPanel } from './panel.ts';
import { datasourceVariable, renderVariable } from './variables.ts';

/** Grafana's columns. */
const WIDTH = 24;

/** The schema of Grafana 10.4: older versions accept it as it is, newer ones migrate it. */
const SCHEMA_VERSION = 39;

/** Grafana's model of a dashboard. */
export function renderDashboard(source: DashboardSource, context: RenderContext): Dashboard {
  const { scope } = source;
  const builder = new DashboardBuilder(`Foreshock / ${source.title}`)
    .uid(source.uid)
    .description(source.description)
    .tags([TAG])
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: source.from, to: 'now' })
    .refresh('30s')
    .link(toOtherDashboards())
    .link(toRunbooks(context.settings))
    .withVariable(datasourceVariable());
  for (const variable of scope.variables) builder.withVariable(renderVariable(variable));
  if (scope.annotations.length > 0) builder.annotations(scope.annotations.map(renderAnnotation));
  layOut(builder, source.rows, context);
  const dashboard = { ...builder.build(), schemaVersion: SCHEMA_VERSION };
  return JSON.parse(JSON.stringify(dashboard, (key, value) => (isSurplus(key, value) ? undefined : value)));
}

/** Defaults that the SDK writes and that are not wanted. */
function isSurplus(key: string, value: unknown): boolean {
  // Would hide links and annotations in a menu.
  if (key === 'placement') return value === DashboardLinkPlacement.InControlsMenu;
  // Of variables of another type, and of tables before Grafana 13.
  return ['auto', 'auto_min', 'auto_count', 'footer'].includes(key);
}

/** Puts the panels beside each other as long as they fit, one row below the other. */
function layOut(builder: DashboardBuilder, rows: readonly Row[], context: RenderContext): void {
  let y = 0;
  for (const { title, panels } of rows) {
    builder.withRow(new RowBuilder(title).id(idOf(`row ${title}`)).gridPos({ x: 0, y, w: WIDTH, h: 1 }));
    y += 1;
    let x = 0;
    let tallest = 0;
    for (const panel of panels) {
      const h = heightOf(panel);
      if (x + panel.width > WIDTH) {
        y += tallest;
        x = 0;
        tallest = 0;
      }
      builder.withPanel(renderPanel(panel, context).id(idOf(panel.title)).gridPos({ x, y, w: panel.width, h }));
      x += panel.width;
      tallest = Math.max(tallest, h);
    }
    y += tallest;
  }
}

function heightOf(panel: Panel): number {
  return panel.height ?? (panel.kind === 'stat' ? 4 : 8);
}

/** The same for the same title, so that links to a panel survive new panels before it. */
function idOf(title: string): number {
  return createHash('sha256').update(title).digest().readUIntBE(0, 3);
}
