import type { DashboardUid } from '../rules/signature.ts';
import type { Row } from './panel.ts';

/** The content of a dashboard, without Grafana's model of it. */
export interface DashboardSource {
  readonly uid: DashboardUid;
  /** Without the name of the project, which is added to it. */
  readonly title: string;
  readonly description: string;
  readonly scope: Scope;
  /** Start of the time range that it opens with; the end is now. */
  readonly from: string;
  readonly rows: readonly Row[];
}

/** The choices above the panels, and the marks over their graphs. */
export interface Scope {
  /** Whether one node is chosen, or all nodes of the chosen clusters are shown. */
  readonly of: 'clusters' | 'node';
  readonly variables: readonly Variable[];
  readonly annotations: readonly Annotation[];
}

/** A choice among the values that a label has. */
export interface Variable {
  readonly name: 'cluster' | 'node';
  readonly label: string;
  /** Of the series that have the label. */
  readonly selector: string;
  /** The label's name in Prometheus. */
  readonly valuesOf: string;
  /** Several values can be chosen; all are at first. */
  readonly multi?: true;
}

/** Marks over graphs while a query has a result. */
export interface Annotation {
  readonly name: string;
  readonly color: 'red' | 'orange' | 'blue';
  readonly expr: string;
  /** With `{{label}}` for the value of a label, as in the text. */
  readonly title: string;
  readonly text?: string;
  /** Labels whose values are shown as tags. */
  readonly tags?: readonly string[];
  /** Not shown until somebody switches it on. */
  readonly hidden?: true;
  /** The value of a series is the time in milliseconds at which its mark stands. */
  readonly valueIsTime?: true;
}
