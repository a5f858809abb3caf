import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ruleGroups } from '../../rules/pack.ts';
import { DEFAULT_SETTINGS } from '../../rules/settings.ts';
import { checkLabels } from '../promql-labels.ts';
import { labelsOf, problemsOf } from './known-metrics.ts';
import { NOT_OF_A_NODE } from './not-of-a-node.ts';

const groups = ruleGroups(DEFAULT_SETTINGS);

/** The queries in a template, filled in with the labels of the alert. */
function queriesIn(template: string, labels: readonly string[]): string[] {
  return [...template.matchAll(/printf `([^`]*)`((?: \$labels\.\w+)*)/g)].map(([, query = '', named = '']) => {
    const names = named.split(' $labels.').slice(1);
    const value = (name: string | undefined) => (name !== undefined && labels.includes(name) ? '"x"' : '""');
    return query.replaceAll(/%\[(\d)\]q/g, (_, position) => value(names[Number(position) - 1]));
  });
}

for (const { id, records, alerts } of groups) {
  for (const { record, expr } of records) {
    test(`${record} reads known metrics and labels, and is named after its labels`, () => {
      assert.deepEqual(problemsOf(expr), [], expr);
      assertNamedAfter(record, checkLabels(expr, labelsOf).labels);
    });
  }
  for (const { name, expr, description } of alerts) {
    test(`${id}: ${name} reads known metrics and labels, and keeps cluster and node`, () => {
      assert.deepEqual(problemsOf(expr), [], expr);
      const { labels } = checkLabels(expr, labelsOf);
      for (const query of queriesIn(description, labels)) assert.deepEqual(problemsOf(query), [], query);
      const wanted = NOT_OF_A_NODE.includes(name) ? ['cluster'] : ['cluster', 'node'];
      for (const label of wanted) assert.ok(labels.includes(label), `${label} is not among ${labels.join(', ')}`);
      for (const label of ['instance', 'job']) {
        assert.ok(!labels.includes(label) || description.includes(`$labels.${label}`), `doubled targets by ${label}`);
      }
    });
  }
}

/** `node_device:…` has the labels `cluster`, `node` and `device`; names of labels can have underscores themselves. */
function assertNamedAfter(record: string, labels: readonly string[]): void {
  const [level = ''] = record.split(':');
  const others = labels.filter((label) => label !== 'cluster');
  const expected = others.length === 0 ? ['cluster'] : others;
  assert.deepEqual(level.split('_').sort(), expected.join('_').split('_').sort(), `${record} has ${labels.join(', ')}`);
}
