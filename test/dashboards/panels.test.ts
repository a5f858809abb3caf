import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Panel as Model } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboardSources, renderDashboards } from '../../dashboards/index.ts';
import type { Panel } from '../../dashboards/panel.ts';
import { ruleGroups } from '../../rules/pack.ts';
import { DEFAULT_SETTINGS } from '../../rules/settings.ts';
import { signatures } from '../../rules/signatures/index.ts';
import { parse } from '../promql.ts';
import { problemsOf } from '../rules/known-metrics.ts';
import { configOf } from './fields.ts';
import { substituted } from './grafana-promql.ts';
import { panels } from './linter.ts';
import { type FieldConfig, modelOf } from './model.ts';
import { queriesOf } from './targets.ts';

const dashboards = renderDashboards(DEFAULT_SETTINGS);
const sources = dashboardSources(DEFAULT_SETTINGS);

const alerts = new Set<string>(ruleGroups(DEFAULT_SETTINGS).flatMap((group) => group.alerts.map(({ name }) => name)));

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

  each('descriptions state healthy values, or those of a story', (panel) => {
    const helps = levelsOf(panel, models).flatMap(({ levels }) => [levels.warning?.help, levels.critical?.help]);
    const stated = [panel.healthy, panel.story, ...helps].filter((text) => text !== undefined);
    assert.notDeepEqual(stated, [], panel.title);
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
        if (source.scope.of === 'node' && !ofTarget) assert.equal(of.get('node'), '$node', `${panel.title}: ${metric}`);
      }
    }
  });

  each('levels are where the alerts fire, in the unit of the panel', (panel) => {
    for (const { levels, unit, steps } of levelsOf(panel, models)) {
      for (const level of [levels.warning, levels.critical]) {
        if (level === undefined) continue;
        const drawn = steps.some((step) => Math.abs((step ?? Infinity) - level.value) < 1e-9);
        assert.ok(drawn, `${panel.title}: ${level.value} of ${steps}`);
        // Threads that are blocked on average are a ratio of time.
        const units = unit === 'count' ? ['count', 'ratio'] : [unit];
        assert.ok(!('unit' in level) || units.includes(String(level.unit)), `${panel.title}: ${level.value}`);
      }
    }
  });

  test(`${source.uid}: colors are those of states, which both themes have`, () => {
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
  const shown = new Set(node?.rows.flatMap((row) => row.panels.map(({ signature }) => signature)));
  const causes = signatures.map(({ id }) => id).filter((id) => id !== 'heartbeat' && id !== 'exporter');
  assert.deepEqual(
    causes.filter((id) => !shown.has(id)),
    [],
  );
});

/** The levels of a panel, or of each column of a table, with the steps that are drawn. */
function levelsOf(panel: Panel, models: readonly Model[]) {
  const model = modelOf({ panels: models.filter(({ title }) => title === panel.title) }).panels[0];
  const stepsOf = (config: FieldConfig | undefined) => config?.thresholds?.steps.map(({ value }) => value) ?? [];
  if (model === undefined || panel.kind === 'bargauge' || panel.kind === 'state-timeline') return [];
  if (panel.kind !== 'table') {
    const { thresholds: levels = {}, unit } = panel;
    return [{ levels, unit, steps: stepsOf(model.fieldConfig?.defaults) }];
  }
  return panel.columns.map(({ title, thresholds: levels = {}, unit = panel.unit }) => ({
    levels,
    unit,
    steps: stepsOf(configOf(model, title, '')),
  }));
}

function cellsOf(x: number, y: number, w: number, h: number): string[] {
  return Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`);
}
