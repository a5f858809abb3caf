import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firing, SEVERITIES, worstSeverity } from '../../dashboards/alerts.ts';
import { contextOf } from '../../dashboards/context.ts';
import { DEFAULT_SETTINGS } from '../../rules/settings.ts';

test('the numbers of severities are those that the worst is made of, worst last', () => {
  const values = new Map(SEVERITIES.map(({ text, value }) => [text, value]));
  const expr = worstSeverity(['signature'], 'node="a"', contextOf(DEFAULT_SETTINGS));
  assert.ok(expr.startsWith('max by (cluster, node, signature) ('));
  const parts = [...expr.matchAll(/(?:(\d+) \* )?max_over_time\(ALERTS\{[^}]*severity="(\w+)",node="a"\}/g)];
  assert.deepEqual(
    parts.map(([, factor = '1', severity]) => [severity, Number(factor)]),
    ['critical', 'warning', 'info'].map((severity) => [severity, values.get(severity)]),
  );
  assert.deepEqual([...values.values()], [1, 2, 3]);
});

test('pending alerts, and alerts of others, do not count', () => {
  const selector = 'ALERTS{alertname=~"Foreshock.+",alertstate="firing",severity="info",node="a"}';
  assert.equal(firing('info', 'node="a"'), selector);
});
