import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Panel as Model } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboards, sources } from '../../dashboards/index.ts';
import { type Panel, queriesOf } from '../../dashboards/panel.ts';
import { threshold } from '../../dashboards/thresholds.ts';
import { ruleGroups } from '../../rules/pack.ts';
import { DEFAULT_SETTINGS } from '../../rules/settings.ts';
import { signatures } from '../../rules/signatures/index.ts';
import { parse } from '../promql.ts';
import { problemsOf } from '../rules/known-metrics.ts';
import { substituted } from './grafana-promql.ts';
import { panels } from './linter.ts';

const alerts = new Set<string>(ruleGroups(DEFAULT_SETTINGS).flatMap((group) => group.alerts.map(({ name }) => name)));
const stories = new Set<string>(signatures.map(({ id }) => id));

for (const [index, source] of sources.entries()) {
  const all = source.rows.flatMap((row) => row.panels);
  const models = dashboards[index] ? panels(dashboards[index]) : [];
  const each = (what: string, check: (panel: Panel) => void) =>
    test(`${source.uid}: ${what}`, () => {
      for (const panel of all) check(panel);
    });

  test(`${source.uid}: titles are unique, and so are ids`, () => {
    assert.equal(new Set(all.map(({ title }) => title)).size, all.length);
    const ids = (dashboards[index]?.panels ?? []).map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
  });

  test(`${source.uid}: panels lie within the grid, and none on another`, () => {
    const cells = new Set<string>();
    for (const { title, gridPos } of dashboards[index]?.panels ?? []) {
      const { x = 0, y = 0, w = 0, h = 0 } = gridPos ?? {};
      assert.ok(x + w <= 24, title);
      for (const cell of cellsOf(x, y, w, h)) {
        assert.ok(!cells.has(cell), `${title} lies on another`);
        cells.add(cell);
      }
    }
  });

  test(`${source.uid}: descriptions say what is healthy, or how it was in a story`, () => {
    const silent = models.filter(({ description = '' }) => !/healthy|stor(?:y|ies) \d{3}/i.test(description));
    assert.deepEqual(
      silent.map(({ title }) => title),
      [],
    );
  });

  each('stories are signatures, runbooks those of alerts', (panel) => {
    for (const { story = panel.story } of queriesOf(panel)) assert.ok(stories.has(story), `${panel.title}: ${story}`);
    for (const alert of panel.alerts ?? []) assert.ok(alerts.has(alert), `${panel.title}: there is no ${alert}`);
  });

  each('queries are of metrics and labels that there are', (panel) => {
    for (const { expr } of queriesOf(panel)) assert.deepEqual(problemsOf(substituted(expr)), [], panel.title);
  });

  each('every series that is asked for is of the chosen clusters, and of the chosen node', (panel) => {
    for (const { expr } of queriesOf(panel)) {
      for (const { metric, matchers } of parse(substituted(expr)).selectors) {
        const of = new Map(matchers.map(({ label, value }) => [label, value]));
        assert.equal(of.get('cluster'), '$cluster', `${panel.title}: ${metric}`);
        const ofTarget = expr.includes('group_left (node)');
        if (source.of === 'node' && !ofTarget) assert.equal(of.get('node'), '$node', `${panel.title}: ${metric}`);
      }
    }
  });

  each('lines stand where the alerts fire', (panel) => {
    if (panel.kind === 'table' || !('lines' in panel) || panel.lines === undefined) return;
    const model = models.find(({ title }) => title === panel.title) as Model;
    const steps = model.fieldConfig?.defaults.thresholds?.steps.map(({ value }) => value) ?? [];
    for (const key of [panel.lines.warning, panel.lines.critical]) {
      if (key !== undefined) assert.ok(steps.includes(threshold(key).default), `${panel.title}: ${key}`);
    }
  });

  test(`${source.uid}: colours are those of states, which both themes have`, () => {
    const text = JSON.stringify(dashboards[index]);
    const colors = [...text.matchAll(/"(?:color|fixedColor|iconColor)":"([^"]+)"/g)].map(([, color]) => color);
    const known = ['green', 'orange', 'red', 'blue', 'text', 'transparent'];
    assert.deepEqual(
      colors.filter((color) => color === undefined || !known.includes(color)),
      [],
    );
  });

  test(`${source.uid}: imports by hand and by provisioning`, () => {
    const dashboard: object = dashboards[index] ?? {};
    assert.ok(!('__inputs' in dashboard));
    assert.ok(!('id' in dashboard));
    assert.ok(!('version' in dashboard));
  });
}

test('every alert is linked from a panel', () => {
  const linked = new Set<string>(
    sources.flatMap(({ rows }) => rows.flatMap((row) => row.panels.flatMap((panel) => panel.alerts ?? []))),
  );
  assert.deepEqual(
    [...alerts].filter((alert) => !linked.has(alert)),
    [],
  );
});

test('the dashboard of a node has a row for each cause', () => {
  const node = sources.find(({ uid }) => uid === 'foreshock-node');
  const shown = new Set(node?.rows.flatMap((row) => row.panels.map(({ story }) => story)));
  const causes = signatures.map(({ id }) => id).filter((id) => id !== 'heartbeat' && id !== 'exporter');
  assert.deepEqual(
    causes.filter((id) => !shown.has(id)),
    [],
  );
});

function cellsOf(x: number, y: number, w: number, h: number): string[] {
  return Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`);
}
