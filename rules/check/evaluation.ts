import type { RuleGroup } from '../pack.ts';
import { abbreviate, type Finding } from './finding.ts';
import { type Query, QueryError } from './prometheus.ts';

/** Rules that this Prometheus cannot evaluate, for example because two series match where one is expected. */
export async function evaluationFailures(query: Query, groups: readonly RuleGroup[]): Promise<Finding[]> {
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
    what: `Prometheus cannot evaluate ${abbreviate(names)}: ${message}`,
  }));
}
