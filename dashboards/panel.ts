import type { ThresholdKey } from './thresholds.ts';
import type { Unit } from './unit.ts';

/** A query, and what its result is called. */
export interface Query {
  readonly expr: string;
  /** `{{label}}` in it stands for the value of a label of the result. */
  readonly legend: string;
  /** The signature whose replay has data for it, where that is not the panel's. */
  readonly story?: string;
  /** A limit that the node itself has: a dashed line, in red where passing it is the harm, in orange where it is its sign. */
  readonly limit?: 'text' | 'orange' | 'red';
}

/** Values at which alerts fire, and the colours of their severities. */
export interface Lines {
  /** Of the alerts' own thresholds, by which their help explains the line. */
  readonly warning?: ThresholdKey;
  readonly critical?: ThresholdKey;
  /** Where low values are the bad ones. */
  readonly below?: true;
}

/** A panel, as what it says; the renderer makes Grafana's model of it. */
interface Described {
  /** Unique in its dashboard: the panel's id is made of it. */
  readonly title: string;
  /** What it shows, what is healthy, and what it was in the story. */
  readonly description: string;
  /** The signature whose replay has data for each of its queries. */
  readonly story: string;
  readonly unit: Unit;
  /** What stands there when there is nothing to show: why that can be. */
  readonly noData: string;
  /** Of 24 columns. */
  readonly width: number;
  readonly height?: number;
  /** Alerts whose runbooks it links to. */
  readonly alerts?: readonly `Foreshock${string}`[];
}

/** Lines over time. */
export interface Graph extends Described {
  readonly kind: 'graph';
  readonly queries: readonly Query[];
  readonly lines?: Lines;
  readonly max?: number;
  /** Values can be below 0. */
  readonly signed?: true;
  /** Things that happen, rather than values that last. */
  readonly events?: true;
  /** A legend with the largest and the last value of each line. */
  readonly ranked?: true;
}

/** One number: now. */
export interface Figure extends Described {
  readonly kind: 'figure';
  readonly query: Query;
  readonly lines?: Lines;
  /** From which value on it is coloured, where no alert's threshold says so. */
  readonly from?: { readonly value: number; readonly color: 'orange' | 'red' };
}

/** One bar for each result, largest first, of what should not be: now. */
export interface Bars extends Described {
  readonly kind: 'bars';
  readonly query: Query;
}

/** One lane for each result, coloured by its state. */
export interface Lanes extends Described {
  readonly kind: 'lanes';
  readonly queries: readonly Query[];
  readonly states: States;
}

/** What values mean. */
export type States = readonly { readonly value: number; readonly text: string; readonly color: string }[];

/** A row for each combination of labels, a column for each query: now. */
export interface Table extends Described {
  readonly kind: 'table';
  /** Titles of label columns by label; labels that are not here are not shown. */
  readonly labels: Readonly<Record<string, string>>;
  readonly columns: readonly Column[];
  /** Title of the column by which rows are sorted, largest first. */
  readonly sortBy: string;
}

export interface Column {
  readonly title: string;
  readonly expr: string;
  readonly unit?: Unit;
  readonly story?: string;
  readonly lines?: Lines;
  readonly states?: States;
  /** What +Inf is called. */
  readonly infinite?: string;
}

export type Panel = Graph | Figure | Bars | Lanes | Table;

/** Panels under a title; the grid is filled from left to right. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** The queries of a panel, in the order in which they are called A, B, …. */
export function queriesOf(panel: Panel): readonly (Omit<Query, 'legend'> & { readonly legend?: string })[] {
  switch (panel.kind) {
    case 'graph':
    case 'lanes':
      return panel.queries;
    case 'figure':
    case 'bars':
      return [panel.query];
    case 'table':
      return panel.columns;
  }
}
