import type { RuleGroup } from '../pack.ts';
import { type Finding, few } from './finding.ts';
import { type Query, QueryError } from './prometheus.ts';

/** Rules that this Prometheus cannot evaluate, as where two series match what should be one. */
export async function evaluation(query: Query, groups: readonly RuleGroup[]): Promise<Finding[]> {
  const rules = groups.flatMap(({ records, alerts }) => [
    ...records.map(({ record, expr }) => ({ name: record, expr })),
    ...alerts.map(({ name, expr }) => ({ name, expr })),
  ]);
  const refused = new Map<string, string[]>();
  for (const { name, expr } of rules) {
    try {
      await query(expr);
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      refused.set(error.message, [...(refused.get(error.message) ?? []), name]);
    }
  }
  return [...refused].map(([message, names]) => ({
    level: 'missing',
    what: `Prometheus cannot evaluate ${few(names)}: ${message}`,
  }));
}
