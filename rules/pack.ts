import { expressionsOf } from './expressions.ts';
import { kubeletThresholds } from './series/kubelet-thresholds.ts';
import { nodeIdentity } from './series/node-identity.ts';
import type { Settings } from './settings.ts';
import type { Alert, RecordingRule, Signature, Threshold } from './signature.ts';
import { signatures, type ThresholdKey } from './signatures/index.ts';
import { textsOf } from './texts.ts';

/** The rules of a signature, as a group of Prometheus. */
export interface RuleGroup {
  /** The signature's id, or `nodes` for the rules that all share. */
  readonly id: string;
  readonly records: readonly RecordingRule[];
  readonly alerts: readonly Alert[];
}

/** All rules for these settings, shared ones first. */
export function ruleGroups(settings: Settings): RuleGroup[] {
  const expressions = expressionsOf(settings);
  const texts = textsOf(settings);
  const groups = signatures.map((signature) => {
    const thresholds = thresholdsOf(signature, settings);
    const { records = [], alerts } = signature.rules({ ...expressions, texts, thresholds });
    return { id: signature.id, records, alerts: alerts.flatMap((alert) => withOverrides(alert, settings)) };
  });
  const shared = [...nodeIdentity(expressions), ...kubeletThresholds(expressions)];
  return [{ id: 'nodes', records: shared, alerts: [] }, ...groups];
}

export interface ThresholdInForce extends Threshold {
  /** As the settings have it, or else the default. */
  readonly value: number;
}

/** A threshold as its signature declares it, with the value in force. */
export function thresholdOf(key: ThresholdKey, settings: Settings): ThresholdInForce {
  const [id, name = ''] = key.split('.');
  const declared = signatures.find((signature) => signature.id === id)?.thresholds[name];
  if (id === undefined || declared === undefined) throw new Error(`no signature declares the threshold ${key}`);
  return { ...declared, value: settings.thresholds[id]?.[name] ?? declared.default };
}

/** The thresholds in force. */
function thresholdsOf({ id, thresholds }: Signature, settings: Settings): Record<string, number> {
  const defaults = Object.entries(thresholds).map(([name, threshold]) => [name, threshold.default] as const);
  return { ...Object.fromEntries(defaults), ...settings.thresholds[id] };
}

/** The alert with the severity that the user wants, or none where it is disabled. */
function withOverrides(alert: Alert, { disabled, severities }: Settings): Alert[] {
  if (disabled.includes(alert.name)) return [];
  return [{ ...alert, severity: severities[alert.name] ?? alert.severity }];
}
