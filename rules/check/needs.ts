import type { RuleGroup } from '../pack.ts';

/** The alerts that need each metric, directly or through recorded series, which are left out themselves. */
export function alertsByMetric(groups: readonly RuleGroup[]): Map<string, string[]> {
  const recorded = new Map(groups.flatMap(({ records }) => records.map(({ record, expr }) => [record, expr] as const)));
  const needs = new Map<string, string[]>();
  for (const { name, expr } of groups.flatMap(({ alerts }) => alerts)) {
    for (const metric of namesBelow(expr, recorded)) needs.set(metric, [...(needs.get(metric) ?? []), name]);
  }
  return needs;
}

function namesBelow(expr: string, recorded: ReadonlyMap<string, string>): Set<string> {
  const seen = new Set<string>();
  const visit = (text: string) => {
    for (const name of namesIn(text)) {
      if (seen.has(name)) continue;
      seen.add(name);
      visit(recorded.get(name) ?? '');
    }
  };
  visit(expr);
  return new Set([...seen].filter((name) => !recorded.has(name)));
}

/** Every identifier of an expression: metrics, but also labels and functions, whose names no metric has. */
export function namesIn(expr: string): string[] {
  return expr.match(/[a-zA-Z_:][a-zA-Z0-9_:]*/g) ?? [];
}
