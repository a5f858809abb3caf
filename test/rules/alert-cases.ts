import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ruleGroups } from '../../rules/pack.ts';
import { prometheusGroup } from '../../rules/render/prometheus.ts';
import { DEFAULT_SETTINGS } from '../../rules/settings.ts';
import { missing } from '../programs.ts';
import { type PromtoolTest, runPromtool } from './promtool.ts';

/** When an alert fires, on what, and what it says. */
export interface AlertCase {
  /** Values by series, in promtool's notation, one each minute; every series of a node has `cluster="eu"`. */
  readonly series: Readonly<Record<string, string>>;
  /** The minute at which it fires, and until which it is silent; and the one at which it is silent again. */
  readonly firesAt: number;
  readonly resolvedAt: number;
  /** Labels beside those of the rule, without `cluster`. */
  readonly labels: Readonly<Record<string, string>>;
  readonly description: string;
  /** Why it fires without data, for the alerts about absence. */
  readonly firesWithoutData?: string;
}

/** Tests every alert of a signature: there is a case for each of them, or several. */
export function testAlerts(signature: string, cases: Readonly<Record<string, AlertCase | readonly AlertCase[]>>): void {
  const group = ruleGroups(DEFAULT_SETTINGS).find(({ id }) => id === signature);
  test(`${signature}: every alert has a case`, () => {
    assert.deepEqual(Object.keys(cases).sort(), group?.alerts.map(({ name }) => name).sort());
  });
  const skip = missing(['promtool']);
  for (const [name, of] of Object.entries(cases)) {
    test(`${name}: silent, firing, resolved; doubled targets, no cluster label, no data`, { skip }, (t) => {
      const { ok, output } = runPromtool(
        t,
        [of].flat().flatMap((one) => testsOf(name, one)),
        { signature },
      );
      assert.ok(ok, output);
    });
  }
}

function testsOf(name: string, of: AlertCase): PromtoolTest[] {
  const series = Object.entries(of.series);
  const doubled = series.flatMap(([key, values]) => [
    [key, values] as const,
    [key.replace('{', '{replica="second",'), values] as const,
  ]);
  const withoutCluster = series.map(([key, values]) => [key.replace(/cluster="eu",?/, ''), values] as const);
  return [
    whenFiring(`${name} as it is`, name, of, series, 'eu'),
    whenFiring(`${name} with doubled targets`, name, of, doubled, 'eu'),
    whenFiring(`${name} without the label cluster`, name, of, withoutCluster, undefined),
    ...(of.firesWithoutData === undefined ? [withoutData(name, of)] : []),
  ];
}

function whenFiring(
  title: string,
  name: string,
  of: AlertCase,
  series: readonly (readonly [string, string])[],
  cluster: string | undefined,
): PromtoolTest {
  const { labels, annotations } = renderedAlert(name);
  const firing = {
    exp_labels: { ...(cluster === undefined ? {} : { cluster }), ...of.labels, ...labels },
    exp_annotations: {
      summary: annotations.summary,
      description: cluster === undefined ? of.description.replaceAll(' of cluster eu', '') : of.description,
      runbook_url: annotations.runbook_url,
      dashboard_url: annotations.dashboard_url
        .replace('{{ $labels.cluster | urlquery }}', cluster ?? '')
        .replace('{{ $labels.node | urlquery }}', of.labels.node ?? ''),
    },
  };
  return {
    name: title,
    interval: '1m',
    input_series: inputs(series),
    alert_rule_test: [
      { eval_time: `${of.firesAt - 1}m`, alertname: name, exp_alerts: [] },
      { eval_time: `${of.firesAt}m`, alertname: name, exp_alerts: [firing] },
      { eval_time: `${of.resolvedAt}m`, alertname: name, exp_alerts: [] },
    ],
    promql_expr_test: [
      // Until it is resolved, it has not been silent.
      {
        expr: `count(ALERTS{alertname="${name}",alertstate="firing"})`,
        eval_time: `${of.resolvedAt - 1}m`,
        exp_samples: [{ labels: '{}', value: 1 }],
      },
    ],
  };
}

/** The same series without a sample. */
function withoutData(name: string, of: AlertCase): PromtoolTest {
  const minutes = of.resolvedAt + 1;
  const series = Object.keys(of.series).map((key) => [key, `_x${minutes}`] as const);
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

/** An alert as Prometheus gets it, with the default settings. */
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
