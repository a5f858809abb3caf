import { amount } from '../../rules/amount.ts';
import { type RuleGroup, ruleGroups } from '../../rules/pack.ts';
import { DEFAULT_SETTINGS } from '../../rules/settings.ts';
import type { Alert, Threshold } from '../../rules/signature.ts';
import { signatures } from '../../rules/signatures/index.ts';
import { SYMPTOMS } from '../../rules/symptom.ts';

const thresholds: ReadonlyMap<string, Threshold> = new Map(
  signatures.flatMap(({ id, thresholds: declared }) =>
    Object.entries(declared).map(([name, threshold]) => [`${id}.${name}`, threshold] as const),
  ),
);

const groups = ruleGroups(DEFAULT_SETTINGS);
const alerts = groups.flatMap((group) => group.alerts);

/** By the key of a threshold: the expressions of the rules with another value of it. */
const withoutDefault = new Map([...thresholds.keys()].map((key) => [key, expressions(groupsWithout(key))]));
const withDefaults = expressions(groups);

/**
 * The thresholds of an alert by their keys, `<signature>.<name>`: those on which its expression depends, itself or by the
 * recorded series that it reads.
 */
export function thresholdsOf(alert: string): ReadonlyMap<string, Threshold> {
  const changes = (key: string) => withoutDefault.get(key)?.get(alert) !== withDefaults.get(alert);
  return new Map([...thresholds].filter(([key]) => changes(key)));
}

/** A runbook with what the rules declare: the thresholds of its alert with their defaults, and what inhibits what. */
export function withFacts(runbook: string, alert: string): string {
  return runbook
    .replace(
      /(?<=^## False positives and tuning\n\n)(?:(?:\|.*\n)+\n|This alert has no threshold\.\n\n)?/m,
      () => `${thresholdTable(alert)}\n`,
    )
    .replace(/(?<=^## Related alerts\n\n)(?:- Inhibit(?:s|ed by): .*\n)*/m, () => inhibitions(alert));
}

function thresholdTable(alert: string): string {
  const rows = [...thresholdsOf(alert)].map(
    ([key, threshold]) => `| \`${key}\` | ${amount(threshold.default, threshold.unit)} |\n`,
  );
  if (rows.length === 0) return 'This alert has no threshold.\n';
  return `| threshold | default |\n| --- | --- |\n${rows.join('')}`;
}

function inhibitions(name: string): string {
  const alert = alerts.find((one) => one.name === name);
  const { explains = [], symptom } = alert ?? {};
  const symptoms = alerts.filter((one) => one.symptom !== undefined && explains.includes(one.symptom));
  const upstream = new Set(explains.flatMap((one): readonly string[] => SYMPTOMS[one].upstream));
  const causes = alerts.filter((one) => symptom !== undefined && one.explains?.includes(symptom));
  const inhibited = [...symptoms.map(linkTo), ...[...upstream].map((one) => `\`${one}\``)];
  return `- Inhibits: ${listed(inhibited)}.\n- Inhibited by: ${listed(causes.map(linkTo))}.\n`;
}

function linkTo({ name }: Alert): string {
  return `[${name}](${name}.md)`;
}

function listed(names: readonly string[]): string {
  return names.length > 0 ? names.join(', ') : 'no alert';
}

/** The rules with another value of one threshold. */
function groupsWithout(key: string): RuleGroup[] {
  const [id = '', name = ''] = key.split('.');
  const value = 1.5 * (thresholds.get(key)?.default ?? 0);
  return ruleGroups({ ...DEFAULT_SETTINGS, thresholds: { [id]: { [name]: value } } });
}

/** The expressions of all alerts by name, each followed by those of the recorded series that it reads. */
function expressions(from: readonly RuleGroup[]): Map<string, string> {
  const records = from.flatMap((group) => group.records);
  return new Map(
    from.flatMap((group) => group.alerts.map(({ name, expr }) => [name, [expr, ...readBy(expr, records)].join('\n')])),
  );
}

function readBy(expr: string, records: RuleGroup['records'], seen = new Set<string>()): string[] {
  return records.flatMap(({ record, expr: recorded }) => {
    if (!expr.includes(record) || seen.has(record)) return [];
    seen.add(record);
    return [recorded, ...readBy(recorded, records, seen)];
  });
}
