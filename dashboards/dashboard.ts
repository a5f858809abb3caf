import type { DashboardUid } from '../rules/signature.ts';
import type { Row } from './panel.ts';

/** A dashboard, as what it says. */
export interface Source {
  readonly uid: DashboardUid;
  readonly title: string;
  readonly description: string;
  /** Whether one node is chosen, or all of the clusters are shown. */
  readonly of: 'clusters' | 'node';
  /** The time range it opens with, up to now. */
  readonly from: string;
  readonly rows: readonly Row[];
}
