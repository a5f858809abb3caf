import { promql } from '../rules/promql.ts';
import type { Severity } from '../rules/settings.ts';
import type { DashboardContext } from './context.ts';
import type { States } from './panel.ts';

const COLORS = { info: 'blue', warning: 'orange', critical: 'red' } as const satisfies Record<Severity, string>;

/** Severities as numbers, worst last. */
const VALUES = { info: 1, warning: 2, critical: 3 } as const satisfies Record<Severity, number>;

export const SEVERITIES: States = (['info', 'warning', 'critical'] as const).map((severity) => ({
  value: VALUES[severity],
  text: severity,
  color: COLORS[severity],
}));

/** Firing alerts of Foreshock, of one severity. */
export function firing(severity: Severity, matchers: string): string {
  return `ALERTS{alertname=~"Foreshock.+",alertstate="firing",severity="${severity}",${matchers}}`;
}

/** The worst severity that fired in each step, by node and more labels. */
export function worstSeverity(by: readonly string[], matchers: string, { nodeLabels }: DashboardContext): string {
  const inStep = (severity: Severity) => promql`max_over_time(${firing(severity, matchers)}[$__rate_interval])`;
  return promql`
    max by (${[nodeLabels, ...by].join(', ')}) (
      ${VALUES.critical} * ${inStep('critical')}
      or
      ${VALUES.warning} * ${inStep('warning')}
      or
      ${inStep('info')}
    )`;
}
