import type { Expressions } from './expressions.ts';
import type { PrometheusDuration } from './format.ts';
import type { Severity } from './settings.ts';
import type { Symptom } from './symptom.ts';
import type { Texts } from './texts.ts';

/** A number that an alert compares with, and that users can set. */
export interface Threshold {
  readonly default: number;
  readonly unit: 'bytes' | 'bytes/second' | 'seconds' | 'ratio' | 'count' | 'cores' | 'pages/second';
  /** What it limits, then measured values: `Healthy: …. Story 004: …. Reproduced: ….` */
  readonly help: string;
}

export interface RecordingRule {
  /** `level:metric:operation`; the level is the labels beside `cluster`. */
  readonly record: string;
  readonly expr: string;
}

/** The dashboards that alerts link to; their uids. */
export type DashboardUid = 'foreshock-fleet' | 'foreshock-node' | 'foreshock-container-disk' | 'foreshock-kubelet-api';

export interface Alert<Name extends `Foreshock${string}` = `Foreshock${string}`> {
  readonly name: Name;
  readonly severity: Severity;
  /** Aggregated by `cluster`, `node` and what names the culprit. */
  readonly expr: string;
  /** Without it the alert fires at the first evaluation. */
  readonly for?: PrometheusDuration;
  readonly keepFiringFor?: PrometheusDuration;
  /** How long before the node is lost, or pods are evicted, it fires, and why it can. */
  readonly lead: string;
  /** One sentence that all alerts of this name share. */
  readonly summary: string;
  /** Names the culprit with its numbers, and ends with the next command. A template. */
  readonly description: string;
  readonly dashboard: DashboardUid;
  /** What the node suffers from when this fires: inhibited while an alert fires that explains it. */
  readonly symptom?: Symptom;
  /** What this is the cause of. */
  readonly explains?: readonly Symptom[];
  /** A label of the alert without which it explains nothing, where one name stands for several things. */
  readonly explainsOnlyWith?: string;
}

/** What a signature makes its rules of: the thresholds in force, and expressions and texts in the user's labels. */
export interface RuleContext<ThresholdName extends string = string> extends Expressions {
  readonly thresholds: Readonly<Record<ThresholdName, number>>;
  readonly texts: Texts;
}

/** One documented way in which a node dies, and the rules that detect it. */
export interface Signature<
  Id extends string = string,
  ThresholdName extends string = string,
  AlertName extends Alert['name'] = Alert['name'],
> {
  readonly id: Id;
  readonly title: string;
  /** Where it is documented, and what happened there, with its numbers. */
  readonly story: string;
  readonly thresholds: Readonly<Record<ThresholdName, Threshold>>;
  rules(context: RuleContext<ThresholdName>): {
    readonly records?: readonly RecordingRule[];
    readonly alerts: readonly Alert<AlertName>[];
  };
}

/** A signature whose type keeps its id and the names of its thresholds and alerts, for the compiler to check their uses. */
export function defineSignature<
  const Id extends string,
  const ThresholdName extends string,
  const AlertName extends Alert['name'],
>(signature: Signature<Id, ThresholdName, AlertName>): Signature<Id, ThresholdName, AlertName> {
  return signature;
}
