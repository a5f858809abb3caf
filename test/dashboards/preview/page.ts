import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT } from '../../paths.ts';
import type { Field } from '../fields.ts';
import type { DashboardModel, PanelModel } from '../model.ts';
import type { Range } from '../query-api.ts';
import type { Mark } from './content.ts';
import { type Markup, tag } from './markup.ts';
import { panelContent } from './panel-content.ts';

export type Theme = 'dark' | 'light';

/** What stands on every page, so that nobody takes it for Grafana. */
export const BANNER = "Preview drawn by Foreshock's tests from real query results; not Grafana";

/** What a page is made of. */
export interface PageContent {
  readonly dashboard: DashboardModel;
  /** What it shows, in words. */
  readonly subtitle: string;
  readonly range: Range;
  /** By the ids of panels. */
  readonly fields: ReadonlyMap<number, readonly Field[]>;
  readonly marks: readonly Mark[];
  readonly theme: Theme;
}

/** Width of pages in pixels. */
export const WIDTH = 1400;

/** Of Grafana's grid (public/app/core/constants.ts). */
const [COLUMNS, CELL, GAP] = [24, 30, 8];
const MARGIN = 12;
const HEAD = 62;

/** A dashboard as one HTML file that needs nothing else. */
export function page({ dashboard, subtitle, range, fields, marks, theme }: PageContent): string {
  const style = readFileSync(join(PROJECT, 'test/dashboards/preview/page.css'), 'utf8');
  const panels = dashboard.panels.map((panel) =>
    panel.type === 'row' ? rowTitle(panel) : framed(panel, fields.get(panel.id) ?? [], range, marks),
  );
  const title = `${dashboard.title} · preview`;
  const document = tag(
    'html',
    { lang: 'en', class: theme },
    tag('head', {}, { markup: '<meta charset="utf-8">' }, tag('title', {}, title), tag('style', {}, { markup: style })),
    tag(
      'body',
      { style: `width:${WIDTH}px;height:${pageHeight(dashboard)}px` },
      tag('p', { class: 'banner' }, BANNER),
      tag('h1', {}, dashboard.title, tag('span', {}, subtitle)),
      panels,
    ),
  );
  return `<!doctype html>\n${document.markup}\n`;
}

/** The height of a dashboard's page in pixels. */
export function pageHeight({ panels }: DashboardModel): number {
  return HEAD + Math.max(...panels.map(({ gridPos: { y, h } }) => y + h)) * (CELL + GAP) + MARGIN;
}

function framed(panel: PanelModel, fields: readonly Field[], range: Range, marks: readonly Mark[]): Markup {
  const { left, top, width, height } = placeOf(panel);
  const size = { width: width - 18, height: height - 40 };
  return tag(
    'section',
    { style: `left:${left}px;top:${top}px;width:${width}px;height:${height}px`, title: panel.description },
    tag('h2', {}, panel.title, panel.description === undefined ? [] : tag('i', {}, 'i')),
    tag('div', { class: 'content' }, panelContent({ panel, fields, range, marks, size })),
  );
}

function rowTitle(panel: PanelModel): Markup {
  const { left, top, height } = placeOf(panel);
  return tag('h3', { style: `left:${left}px;top:${top}px;line-height:${height}px` }, panel.title);
}

function placeOf({ gridPos: { x, y, w, h } }: PanelModel) {
  const column = (WIDTH - 2 * MARGIN + GAP) / COLUMNS;
  return {
    left: Math.round(MARGIN + x * column),
    top: HEAD + y * (CELL + GAP),
    width: Math.round(w * column) - GAP,
    height: h * (CELL + GAP) - GAP,
  };
}
