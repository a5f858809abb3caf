import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { renderDashboards } from '../../dashboards/index.ts';
import { DEFAULT_SETTINGS } from '../../rules/settings.ts';
import { LINT_RULES, panels, targets } from './linter.ts';

const dashboards = renderDashboards(DEFAULT_SETTINGS);

/** Where rules do not fit, and why. */
const EXCEPTIONS: readonly { readonly rules: readonly string[]; readonly of?: string; readonly reason: string }[] = [
  {
    rules: ['template-job-rule', 'template-instance-rule', 'target-job-rule', 'target-instance-rule'],
    reason: 'nodes are chosen, not targets: the rules match the jobs of a user, and record what they say by node',
  },
  {
    rules: ['target-rate-interval-rule'],
    of: 'Time between node status patches',
    reason: 'a kubelet patches every 5 min: most intervals have no patch',
  },
];

for (const { name, check } of LINT_RULES) {
  test(`dashboard-linter: ${name}`, () => {
    const allowed = (of: string) =>
      EXCEPTIONS.some((one) => one.rules.includes(name) && (one.of === undefined || one.of === of));
    const findings = dashboards.flatMap((dashboard) =>
      check(dashboard)
        .filter(({ of }) => !allowed(of))
        .map(({ of, problem }) => `${dashboard.title}: ${of} ${problem}`),
    );
    assert.deepEqual(findings, []);
  });
}

test('dashboard-linter: every exception is needed', () => {
  for (const { rules, of } of EXCEPTIONS) {
    for (const rule of rules) {
      const findings = dashboards.flatMap((dashboard) =>
        LINT_RULES.find(({ name }) => name === rule)?.check(dashboard),
      );
      assert.ok(
        findings.some((finding) => finding && (of === undefined || finding.of === of)),
        `${rule} ${of}`,
      );
    }
  }
});

test('dashboard-linter: every rule finds its faults', () => {
  const faulty = dashboards.map((dashboard) => withFaults(structuredClone(dashboard)));
  for (const { name, check } of LINT_RULES) {
    assert.ok(
      faulty.some((dashboard) => check(dashboard).length > 0),
      name,
    );
  }
});

/** Does all that the rules forbid. */
function withFaults(dashboard: Dashboard): Dashboard {
  const [first, second, third] = panels(dashboard);
  Object.assign(dashboard, { editable: true });
  Object.assign(dashboard.templating.list?.[0] ?? {}, { label: 'Where from' });
  Object.assign(dashboard.templating.list?.[1] ?? {}, { refresh: 1, query: 'label_values({{, cluster)' });
  Object.assign(first ?? {}, { description: '', targets: [] });
  Object.assign(second?.fieldConfig?.defaults ?? {}, { unit: 'furlongs' });
  Object.assign(second ?? {}, { datasource: { type: 'loki', uid: 'mine' } });
  const [target] = third ? targets(third) : [];
  Object.assign(target ?? {}, { expr: 'rate(a_total[5m]) + b_total +' });
  return dashboard;
}
