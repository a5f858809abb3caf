import type { RuleGroup } from '../pack.ts';
import type { Settings } from '../settings.ts';
import type { Alert, Signature, Threshold } from '../signature.ts';
import { signatures } from '../signatures/index.ts';
import { SYMPTOMS, type Symptom } from '../symptom.ts';
import { runbookUrl } from './prometheus.ts';

/** What is in the pack, for people: alerts, thresholds and recorded series by signature. */
export function indexFile(groups: readonly RuleGroup[], settings: Settings): string {
  const alerts = groups.flatMap((group) => group.alerts);
  const lines = [
    '# Rules',
    '',
    'Made by `foreshock rules`; change its settings rather than this file. While an alert fires, those that it mutes are',
    'not notified for the same node.',
    '',
    ...groups.flatMap((group) => signatureSection(group, alerts, settings)),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function signatureSection(group: RuleGroup, alerts: readonly Alert[], settings: Settings): string[] {
  const signature = signatures.find(({ id }) => id === group.id);
  const title = signature
    ? [`## \`${signature.id}\``, '', `${signature.title}.`, '', signature.story, '']
    : ['## Shared', '', 'What the rules of several signatures are made of.', ''];
  return [
    ...title,
    ...table(
      ['alert', 'severity', 'what', 'for', 'how long before', 'mutes', 'muted by'],
      group.alerts.map((alert) => alertRow(alert, alerts, settings)),
    ),
    ...table(['threshold', 'value', 'unit', 'meaning'], signature ? thresholdRows(signature, settings) : []),
    ...table(
      ['recorded series'],
      group.records.map(({ record }) => [`\`${record}\``]),
    ),
  ];
}

function alertRow(alert: Alert, alerts: readonly Alert[], settings: Settings): string[] {
  const { name, severity, summary, for: duration = '', lead, symptom, explains = [] } = alert;
  const mutes = explains.flatMap((one) => [...withSymptom(one, alerts), ...SYMPTOMS[one].upstream]);
  const mutedBy = alerts.filter((one) => symptom !== undefined && one.explains?.includes(symptom));
  return [
    `[${name}](${runbookUrl(name, settings)})`,
    severity,
    summary,
    duration,
    lead,
    unique(mutes).join(', '),
    mutedBy.map((one) => one.name).join(', '),
  ];
}

function withSymptom(symptom: Symptom, alerts: readonly Alert[]): string[] {
  return alerts.filter((alert) => alert.symptom === symptom).map(({ name }) => name);
}

function thresholdRows({ id, thresholds }: Signature, settings: Settings): string[][] {
  return Object.entries(thresholds).map(([name, { default: standard, unit, help }]: [string, Threshold]) => [
    `\`${id}.${name}\``,
    String(settings.thresholds[id]?.[name] ?? standard),
    unit,
    help,
  ]);
}

/** A table, or nothing when it would be empty. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  return [row(head), row(head.map(() => '---')), ...rows.map(row), ''];
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
