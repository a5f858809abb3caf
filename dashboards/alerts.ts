import { promql } from '../rules/promql.ts';
import type { Severity } from '../rules/settings.ts';
import type { States } from './panel.ts';

/** Severities as numbers, worst last, and as a person on call sees them. */
export const SEVERITIES: States = [
  { value: 1, text: 'info', color: 'blue' },
  { value: 2, text: 'warning', color: 'orange' },
  { value: 3, text: 'critical', color: 'red' },
];

/** Our alerts that fire, of one severity. */
export function firing(severity: Severity, matchers: string): string {
  return `ALERTS{alertname=~"Foreshock.+",alertstate="firing",severity="${severity}",${matchers}}`;
}

/** The worst severity of what fires in each step, by node and more labels. */
export function severity(by: readonly string[], matchers: string): string {
  const inStep = (one: Severity) => promql`max_over_time(${firing(one, matchers)}[$__rate_interval])`;
  return promql`
    max by (${['cluster', 'node', ...by].join(', ')}) (
      3 * ${inStep('critical')}
      or
      2 * ${inStep('warning')}
      or
      ${inStep('info')}
    )`;
}
