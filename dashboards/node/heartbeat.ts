import { transitions } from '../../exporter/cluster/watchers/conditions.ts';
import { promql } from '../../rules/promql.ts';
import { NODE, perNode } from '../expressions.ts';
import type { Row } from '../panel.ts';
import { heartbeatAge, longestBlock, patchLag } from '../panels/kubelet.ts';

export const heartbeat: Row = {
  title: 'What they lead to: heartbeats late, the node silent',
  panels: [
    heartbeatAge,
    patchLag,
    longestBlock,
    {
      kind: 'graph',
      title: 'Turns of conditions',
      description:
        'How often a condition turned True, and Ready Unknown, in each step. Healthy: Ready after a reboot; in story 004 the node turned Unknown for a minute at a time.',
      story: 'log-storm',
      unit: 'count',
      noData: 'The cluster role says nothing of this node',
      width: 12,
      events: true,
      queries: [
        {
          expr: perNode(
            promql`increase(${transitions}{status=~"True|Unknown",${NODE}}[$__rate_interval])`,
            'condition',
            'status',
          ),
          legend: '{{condition}} {{status}}',
        },
      ],
    },
  ],
};
