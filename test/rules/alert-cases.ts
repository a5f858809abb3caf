import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ruleGroups } from '../../rules/pack.ts';
import { prometheusGroup } from '../../rules/render/prometheus.ts';
import { DEFAULT_SETTINGS } from '../../rules/settings.ts';
import type { AlertName, SignatureId } from '../../rules/signatures/index.ts';
import { missing } from '../programs.ts';
import { testHostileLabels } from './hostile-labels.ts';
import { LEFT_OPEN_MINUTES, type PromtoolTest, runPromtool } from './promtool.ts';

/** Series on which an alert fires, when, and with which text. */
export interface AlertCase {
  /** Values by series, one per minute in promtool's notation; all series have `cluster="eu"`. */
  readonly series: Readonly<Record<string, string>>;
  /** The first minute at which it fires, and the first at which it is silent again. */
  readonly firesAt: number;
  readonly resolvedAt: number;
  /** Labels in addition to those of the rule that are the same for all its alerts, without `cluster`. */
  readonly labels: Readonly<Record<string, string>>;
  readonly description: string;
}

/** Tests every alert of a signature: each has one case or several. */
export function testAlerts(
  signature: SignatureId,
  cases: { readonly [Name in AlertName]?: AlertCase | readonly AlertCase[] },
): void {
  const group = ruleGroups(DEFAULT_SETTINGS).find(({ id }) => id === signature);
  test(`${signature}: every alert has a case`, () => {
    assert.deepEqual(Object.keys(cases).sort(), group?.alerts.map(({ name }) => name).sort());
  });
  const skip = missing(['promtool']);
  for (const [name, expected] of Object.entries(cases)) {
    test(`${name}: silent, firing, resolved; doubled targets, no cluster label, no data`, { skip }, (t) => {
      const { ok, output } = runPromtool(
        t,
        [expected].flat().flatMap((alertCase) => testsOf(name, alertCase)),
        { signature },
      );
      assert.ok(ok, output);
    });
  }
  testHostileLabels(signature, cases);
}

function testsOf(name: string, expected: AlertCase): PromtoolTest[] {
  const series = Object.entries(expected.series);
  const doubled = series.flatMap(([key, values]) => [
    [key, values] as const,
    [key.replace('{', '{replica="second",'), values] as const,
  ]);
  const withoutCluster = series.map(([key, values]) => [key.replace(/cluster="eu",?/, ''), values] as const);
  return [
    whenFiring(`${name} as it is`, name, expected, series, 'eu'),
    whenFiring(`${name} with doubled targets`, name, expected, doubled, 'eu'),
    whenFiring(`${name} without the label cluster`, name, expected, withoutCluster, undefined),
    withoutData(name, expected),
  ];
}

function whenFiring(
  title: string,
  name: string,
  expected: AlertCase,
  series: readonly (readonly [string, string])[],
  cluster: string | undefined,
): PromtoolTest {
  const { labels, annotations } = renderedAlert(name);
  const firing = {
    exp_labels: { ...(cluster === undefined ? {} : { cluster }), ...fixed(labels), ...expected.labels },
    exp_annotations: {
      summary: annotations.summary,
      description: cluster === undefined ? expected.description.replaceAll(' of cluster eu', '') : expected.description,
      runbook_url: annotations.runbook_url,
      dashboard_url: annotations.dashboard_url
        .replace('{{ $labels.cluster | urlquery }}', cluster ?? '')
        .replace('{{ $labels.node | urlquery }}', expected.labels.node ?? ''),
    },
  };
  return {
    name: title,
    interval: '1m',
    input_series: inputs(series),
    alert_rule_test: [
      { eval_time: `${expected.firesAt - 1 - LEFT_OPEN_MINUTES}m`, alertname: name, exp_alerts: [] },
      { eval_time: `${expected.firesAt}m`, alertname: name, exp_alerts: [firing] },
      { eval_time: `${expected.resolvedAt + LEFT_OPEN_MINUTES}m`, alertname: name, exp_alerts: [] },
    ],
    promql_expr_test: [
      // Still firing a moment before.
      {
        expr: `count(ALERTS{alertname="${name}",alertstate="firing"})`,
        eval_time: `${expected.resolvedAt - 1 - LEFT_OPEN_MINUTES}m`,
        exp_samples: [{ labels: '{}', value: 1 }],
      },
    ],
  };
}

/** The labels whose values are no templates: others are among those that a case expects, if they have a value. */
function fixed(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => !value.includes('{{')));
}

/** The same series without samples: nothing fires. */
function withoutData(name: string, expected: AlertCase): PromtoolTest {
  const minutes = expected.resolvedAt + 1;
  const series = Object.keys(expected.series).map((key) => [key, `_x${minutes}`] as const);
  return {
    name: `${name} without data`,
    interval: '1m',
    input_series: inputs(series),
    promql_expr_test: Array.from({ length: minutes }, (_, minute) => ({
      expr: `ALERTS{alertname="${name}"}`,
      eval_time: `${minute}m`,
      exp_samples: [],
    })),
  };
}

/** An alert as it is in the rule file of the default settings. */
export function renderedAlert(name: string) {
  for (const group of ruleGroups(DEFAULT_SETTINGS)) {
    for (const rule of prometheusGroup(group, DEFAULT_SETTINGS).rules) {
      if ('alert' in rule && rule.alert === name) return rule;
    }
  }
  throw new Error(`there is no alert ${name}`);
}

function inputs(series: readonly (readonly [string, string])[]): PromtoolTest['input_series'] {
  return series.map(([key, values]) => ({ series: key, values }));
}
