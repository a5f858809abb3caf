import type { DashboardContext } from './context.ts';
import type { DashboardSource } from './dashboard.ts';
import { containers } from './fleet/containers.ts';
import { nodes } from './fleet/nodes.ts';
import { now } from './fleet/now.ts';
import { symptoms } from './fleet/symptoms.ts';
import { clusters } from './scope.ts';

/** From top to bottom. */
const ROWS = [now, nodes, symptoms, containers];

export function fleet(context: DashboardContext): DashboardSource {
  return {
    uid: 'foreshock-fleet',
    title: 'Fleet',
    description: 'Nodes that show a known way to fail, and the containers that write the most.',
    scope: clusters(context),
    from: 'now-24h',
    rows: ROWS.map((row) => row(context)),
  };
}
