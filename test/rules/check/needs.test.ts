import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alertsByMetric } from '../../../rules/check/needs.ts';
import { type RuleGroup, ruleGroups } from '../../../rules/pack.ts';
import { DEFAULT_SETTINGS } from '../../../rules/settings.ts';

test('alerts need metrics directly and through recorded series', () => {
  const group: RuleGroup = {
    id: 'x',
    records: [
      { record: 'a:b:c', expr: 'max by (a) (m_one)' },
      { record: 'a:d:e', expr: 'rate(m_two_total[5m]) / a:b:c' },
    ],
    alerts: [],
  };
  const [alert] = ruleGroups(DEFAULT_SETTINGS).flatMap(({ alerts }) => alerts);
  assert.ok(alert);
  const needs = alertsByMetric([{ ...group, alerts: [{ ...alert, expr: 'a:d:e > 1 and m_three_bucket' }] }]);
  const of = (name: string) => needs.get(name);
  assert.deepEqual(['m_one', 'm_two_total', 'm_three_bucket', 'a:b:c'].map(of), [
    [alert.name],
    [alert.name],
    [alert.name],
    undefined,
  ]);
});
