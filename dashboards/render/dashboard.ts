import { createHash } from 'node:crypto';
import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkPlacement,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Source } from '../dashboard.ts';
import type { Panel, Row } from '../panel.ts';
import { annotations } from './annotations.ts';
import { TAG, toOtherDashboards, toRunbooks } from './links.ts';
import { renderPanel } from './panel.ts';
import { cluster, datasource, node } from './variables.ts';

/** Grafana's columns. */
const WIDTH = 24;

/** The schema of Grafana 10.4: older ones take it as it is, newer ones bring it up to theirs. */
const SCHEMA_VERSION = 39;

/** Grafana's model of a dashboard. */
export function renderDashboard(source: Source): Dashboard {
  const builder = new DashboardBuilder(source.title)
    .uid(source.uid)
    .description(source.description)
    .tags([TAG])
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: source.from, to: 'now' })
    .refresh('30s')
    .link(toOtherDashboards())
    .link(toRunbooks())
    .withVariable(datasource())
    .withVariable(cluster());
  if (source.of === 'node') builder.withVariable(node()).annotations(annotations());
  layOut(builder, source.rows);
  const dashboard = { ...builder.build(), schemaVersion: SCHEMA_VERSION };
  return JSON.parse(JSON.stringify(dashboard, (key, value) => (isSurplus(key, value) ? undefined : value)));
}

/** What the SDK writes for things that are not said. */
function isSurplus(key: string, value: unknown): boolean {
  // Would hide links and annotations in a menu.
  if (key === 'placement') return value === DashboardLinkPlacement.InControlsMenu;
  // Of variables of another type, and of tables before Grafana 13.
  return ['auto', 'auto_min', 'auto_count', 'footer'].includes(key);
}

/** Puts the panels beside each other as long as they fit, one row below the other. */
function layOut(builder: DashboardBuilder, rows: readonly Row[]): void {
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
      builder.withPanel(renderPanel(panel).id(idOf(panel.title)).gridPos({ x, y, w: panel.width, h }));
      x += panel.width;
      tallest = Math.max(tallest, h);
    }
    y += tallest;
  }
}

function heightOf(panel: Panel): number {
  return panel.height ?? (panel.kind === 'figure' ? 4 : 8);
}

/** The same for the same title, so that links to a panel survive panels that come before it. */
function idOf(title: string): number {
  return createHash('sha256').update(title).digest().readUIntBE(0, 3);
}
