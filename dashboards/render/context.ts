import type { Settings } from '../../rules/settings.ts';
import type { DashboardSource } from '../dashboard.ts';

/** For all panels: the labels and links of the user, and the dashboards to link to. */
export interface RenderContext {
  readonly settings: Settings;
  /** The name of a node links to these. */
  readonly nodeDashboards: readonly Pick<DashboardSource, 'uid' | 'title'>[];
}
