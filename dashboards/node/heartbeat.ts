import * as conditions from '../../exporter/cluster/watchers/conditions.ts';
import { promql } from '../../rules/promql.ts';
import type { DashboardContext } from '../context.ts';
import { NO_CLUSTER_ROLE } from '../no-data.ts';
import type { Row, TimeSeries } from '../panel.ts';
import { heartbeatAge, longestBlock, patchLag } from '../panels/kubelet.ts';

export function heartbeat(context: DashboardContext): Row {
  return {
    title: 'Heartbeats: what all of these lead to',
    panels: [heartbeatAge(context), patchLag(context), longestBlock(context), conditionTransitions(context)],
  };
}

function conditionTransitions({ chosenNode, perNode }: DashboardContext): TimeSeries {
  return {
    kind: 'timeseries',
    title: 'Transitions of conditions',
    description: 'How often a condition became True, or Ready became Unknown, in each step.',
    healthy: 'Ready after a reboot',
    story: 'Story 004: the node was Unknown for a minute at a time.',
    signature: 'log-storm',
    unit: 'count',
    noData: NO_CLUSTER_ROLE,
    width: 12,
    events: true,
    queries: [
      {
        expr: perNode(
          promql`increase(${conditions.transitions}{status=~"True|Unknown",${chosenNode}}[$__rate_interval])`,
          'condition',
          'status',
        ),
        legend: '{{condition}} {{status}}',
      },
    ],
  };
}
