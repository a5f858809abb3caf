import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dashboardSources, renderDashboards } from '../../dashboards/index.ts';
import type { Panel } from '../../dashboards/panel.ts';
import { watchers } from '../../exporter/cluster/watchers/index.ts';
import { collectors } from '../../exporter/node/collectors/index.ts';
import { amount } from '../../rules/amount.ts';
import { ruleGroups } from '../../rules/pack.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../rules/settings.ts';
import { settingsOf } from '../../rules/settings-file.ts';
import { signatures } from '../../rules/signatures/index.ts';
import { parse } from '../promql.ts';
import { substituted } from './grafana-promql.ts';
import { modelOf, panelsOf } from './model.ts';
import { queriesOf } from './targets.ts';

const thresholds = signatures.flatMap(({ id, thresholds }) =>
  Object.entries(thresholds).map(([name, threshold]) => ({ id, name, ...threshold })),
);

type DeclaredThreshold = (typeof thresholds)[number];

/** The defaults with other thresholds: no value is that of another default. */
function changed(some: readonly DeclaredThreshold[]): Settings {
  const document: Record<string, Record<string, number>> = {};
  for (const { id, name, default: value } of some) document[id] = { ...document[id], [name]: 1.37 * value };
  return settingsOf({ thresholds: document });
}

function panelsBy(settings: Settings): Map<string, Panel> {
  return new Map(
    dashboardSources(settings).flatMap(({ uid, rows }) =>
      rows.flatMap(({ panels }) => panels.map((panel) => [`${uid}: ${panel.title}`, panel] as const)),
    ),
  );
}

const defaults = panelsBy(DEFAULT_SETTINGS);

test('panels about a threshold do not state its default', () => {
  const found: string[] = [];
  for (const threshold of thresholds) {
    const text = amount(threshold.default, threshold.unit);
    const alerts = alertsWith(threshold);
    for (const [title, panel] of panelsBy(changed([threshold]))) {
      const isAffected = JSON.stringify(panel) !== JSON.stringify(defaults.get(title));
      const isAbout = isAffected || panel.alerts?.some((alert) => alerts.has(alert));
      if (isAbout && amountsIn(textsOf(panel)).includes(text)) {
        found.push(`${title} states ${text}: ${threshold.id}.${threshold.name}`);
      }
    }
  }
  assert.deepEqual(found, []);
});

/** Alerts that compare with a threshold. */
function alertsWith(threshold: DeclaredThreshold): Set<string> {
  const expressions = (settings: Settings) =>
    new Map(ruleGroups(settings).flatMap(({ alerts }) => alerts.map(({ name, expr }) => [name, expr] as const)));
  const before = expressions(DEFAULT_SETTINGS);
  const after = expressions(changed([threshold]));
  return new Set([...after].filter(([name, expr]) => before.get(name) !== expr).map(([name]) => name));
}

/** The texts of a panel, without those about the story: what was measured there stays. */
function textsOf({ story, ...panel }: Panel): string {
  const texts: string[] = [];
  JSON.stringify(panel, (key, value) => {
    if (typeof value === 'string' && key !== 'expr' && key !== 'help') texts.push(value);
    return value;
  });
  return texts.join('\n');
}

/** Numbers with their units. */
function amountsIn(text: string): string[] {
  return text.match(/(?<![\w.,])\d[\d,.]*(?: (?:%|[kKMGT]?i?B(?:\/s)?|ms|s|min|h|d|cores?|pages\/s)(?!\w))?/g) ?? [];
}

test('no threshold of a panel stays where it was when all are changed', () => {
  const after = modelsBy(changed(thresholds));
  for (const [title, model] of modelsBy(DEFAULT_SETTINGS)) {
    const steps = stepsIn(model);
    const stayed = steps.filter((step, index) => step === stepsIn(after.get(title))[index]);
    // From 1 on: what should not happen at all.
    assert.deepEqual(new Set(stayed.filter((step) => step !== 1)), new Set(), title);
    assert.equal(steps.length, stepsIn(after.get(title)).length, title);
  }
});

test('no text of a panel states where its thresholds were', () => {
  const after = panelsBy(changed(thresholds));
  for (const [title, panel] of defaults) {
    if (panel.kind !== 'timeseries' && panel.kind !== 'stat') continue;
    const { warning, critical } = panel.thresholds ?? {};
    const values = [warning, critical].flatMap((level) =>
      level === undefined || level.value === 1 ? [] : [level.value],
    );
    const stated = amountsIn(textsOf(after.get(title) ?? panel));
    assert.deepEqual(
      values.map((value) => amount(value, panel.unit)).filter((text) => stated.includes(text)),
      [],
      title,
    );
  }
});

function modelsBy(settings: Settings) {
  return new Map(
    renderDashboards(settings).flatMap((dashboard) =>
      panelsOf(modelOf(dashboard)).map((model) => [`${dashboard.uid}: ${model.title}`, model] as const),
    ),
  );
}

/** All steps of thresholds anywhere in a model, but for those without a value. */
function stepsIn(model: unknown): number[] {
  const steps: number[] = [];
  JSON.stringify(model, (key, value) => {
    if (key === 'steps') steps.push(...value.map((step: { value: number | null }) => step.value));
    return value;
  });
  return steps.filter((step) => step !== null);
}

const settings = settingsOf({
  labels: { cluster: 'env', node: 'kubernetes_node' },
  selectors: { kubelet: 'job="k",env!="lab"' },
  runbook_url: 'https://wiki.example.com/{alert}',
});

test('queries are in the labels of the user', () => {
  const ofNodeRole = new Set(collectors.flatMap(({ metrics }) => metrics.map(({ name }) => name)));
  const ofClusterRole = new Set(watchers.flatMap(({ metrics }) => metrics.map(({ name }) => name)));
  for (const [title, panel] of panelsBy(settings)) {
    for (const { expr } of queriesOf(panel)) {
      const { errors, selectors, groupings } = parse(substituted(expr));
      assert.deepEqual(errors, [], title);
      for (const { labels } of groupings) assert.ok(!labels.includes('cluster'), title);
      for (const { metric, matchers } of selectors) {
        const labels = matchers.map(({ label }) => label);
        assert.ok(labels.includes('env') && !labels.includes('cluster'), `${title}: ${metric}`);
        const name = metric.replace(/_(bucket|sum|count)$/, '');
        if (ofNodeRole.has(name)) assert.ok(labels.includes('kubernetes_node') || ofClusterRole.has(name), title);
        else assert.ok(!labels.includes('kubernetes_node'), `${title}: ${metric}`);
      }
    }
  }
});

test('labels of the user stand in legends, columns, links, variables and annotations', () => {
  const text = JSON.stringify(renderDashboards(settings));
  assert.doesNotMatch(text, /\{\{cluster\}\}|cluster=~|"cluster":"Cluster"|by \(cluster/);
  assert.match(text, /\{\{node\}\} \{\{env\}\}/);
  assert.match(text, /"env":"Cluster"/);
  assert.match(text, /label_values\(\{[^}]+\}, env\)/);
  assert.match(text, /label_values\(\{[^}]+env=~\\"\$cluster\\"\}, node\)/);
  assert.match(text, /scrape_duration_seconds\{job=\\"k\\",env!=\\"lab\\",env=~\\"\$cluster\\"\}/);
  assert.match(text, /"https:\/\/wiki\.example\.com\/ForeshockContainerLogStorm"/);
  assert.match(text, /"title":"Runbooks"[^}]+"url":"https:\/\/wiki\.example\.com\/"/);
});
