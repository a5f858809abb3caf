import type { Threshold } from '../rules/signature.ts';
import type { AlertName, SignatureId } from '../rules/signatures/index.ts';

export type Unit = Threshold['unit'];

export interface Query {
  readonly expr: string;
  /** `{{label}}` in it stands for the value of a label of the result. */
  readonly legend: string;
  /** The signature whose replay has data for it, where that is not the panel's. */
  readonly signature?: SignatureId;
  /** Draws a limit of the node as a dashed line: red where passing it is the harm, orange where it is a warning. */
  readonly limitColor?: 'text' | 'orange' | 'red';
}

/** A value at which the color changes, in the panel's unit. */
export interface Level {
  readonly value: number;
  /** What the value limits; the description states the value, then this. */
  readonly help?: string;
}

/** Values at which alerts of a severity fire, or from which on something is wrong, in the color of that severity. */
export interface Levels {
  readonly warning?: Level;
  readonly critical?: Level;
  /** Low values are the bad ones. */
  readonly below?: true;
}

interface PanelBase {
  /** Unique in its dashboard: the panel's id is made of it. */
  readonly title: string;
  /** What it shows: whole sentences. */
  readonly description: string;
  /** Values of a healthy node, without a full stop. */
  readonly healthy?: string;
  /** What was seen in the documented incident, in whole sentences. */
  readonly story?: string;
  /** The signature whose replay has data for each of its queries. */
  readonly signature: SignatureId;
  readonly unit: Unit;
  /** Shown instead of data: why there is none. */
  readonly noData: string;
  /** Of 24 columns. */
  readonly width: number;
  readonly height?: number;
  /** Alerts whose runbooks it links to. */
  readonly alerts?: readonly AlertName[];
}

/** Values over time, or with `events` what happened in each step. */
export interface TimeSeries extends PanelBase {
  readonly kind: 'timeseries';
  readonly queries: readonly Query[];
  readonly thresholds?: Levels;
  readonly max?: number;
  /** Values can be below 0. */
  readonly signed?: true;
  /** Bars instead of lines. */
  readonly events?: true;
  /** The legend is a table with the largest and the last value of each line. */
  readonly legendTable?: true;
}

/** The current value, as one number. */
export interface Stat extends PanelBase {
  readonly kind: 'stat';
  readonly query: Query;
  readonly thresholds?: Levels;
}

/** A bar for each result, largest first, of what should not happen: all are orange. */
export interface BarGauge extends PanelBase {
  readonly kind: 'bargauge';
  readonly query: Query;
}

/** A lane for each result, colored by its state over time. */
export interface StateTimeline extends PanelBase {
  readonly kind: 'state-timeline';
  readonly queries: readonly Query[];
  readonly states: States;
}

/** Names and colors of values. */
export type States = readonly { readonly value: number; readonly text: string; readonly color: string }[];

/** Current values: a row for each combination of labels, a column for each query. */
export interface Table extends PanelBase {
  readonly kind: 'table';
  /** Titles of label columns by label; other labels are not shown. */
  readonly labels: Readonly<Record<string, string>>;
  readonly columns: readonly Column[];
  /** Title of the column by which rows are sorted, largest first. */
  readonly sortBy: string;
}

export interface Column extends Omit<Query, 'legend' | 'limitColor'> {
  readonly title: string;
  /** Where it is not the panel's. */
  readonly unit?: Unit;
  readonly thresholds?: Levels;
  readonly states?: States;
  /** What stands for +Inf. */
  readonly infinity?: string;
}

export type Panel = TimeSeries | Stat | BarGauge | StateTimeline | Table;

/** Panels under a title; the grid is filled from left to right. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}
