import { transitions } from '../../exporter/cluster/watchers/conditions.ts';
import { failures } from '../../exporter/cluster/watchers/events.ts';
import { promql } from '../../rules/promql.ts';
import { HEARTBEAT_AGE } from '../../rules/series/heartbeats.ts';
import { LEASE_DURATION } from '../../rules/series/kubelet-thresholds.ts';
import { CLUSTER, perNode } from '../expressions.ts';
import type { Bars, Row } from '../panel.ts';

/** How often something happened to nodes within the time range: the ten to which it happened most. */
const mostOften = (panel: Omit<Bars, 'kind' | 'unit' | 'query' | 'width'>, counter: string): Bars => ({
  ...panel,
  kind: 'bars',
  unit: 'count',
  width: 6,
  query: {
    expr: promql`topk(10, round(${perNode(promql`increase(${counter}[$__range])`)}) > 0)`,
    legend: '{{node}} {{cluster}}',
  },
});

export const signs: Row = {
  title: 'Signs of it',
  panels: [
    {
      kind: 'graph',
      title: 'Heartbeat gaps',
      description:
        'The longest time that nothing was heard of a kubelet, where it was half of what is granted; the ten longest of each step. Healthy is up to 10 s; in story 004 63 to 125 s.',
      story: 'log-storm',
      unit: 'seconds',
      noData: 'No heartbeat was late',
      width: 6,
      events: true,
      queries: [
        {
          expr: promql`
            topk(10, max_over_time(${HEARTBEAT_AGE}{${CLUSTER}}[$__rate_interval]))
            > on (cluster, node)
            0.5 * ${LEASE_DURATION.record}{${CLUSTER}}`,
          legend: '{{node}} {{cluster}}',
        },
      ],
      alerts: ['ForeshockKubeletHeartbeatLate'],
    },
    mostOften(
      {
        title: 'Failed image garbage collections',
        description: 'That failed or did not free enough, in the time range. Healthy is 0; in story 001 every 5 min.',
        story: 'disk-pressure-loop',
        noData: 'None has failed',
      },
      promql`${failures}{${CLUSTER}}`,
    ),
    mostOften(
      {
        title: 'DiskPressure by node',
        description: 'How often a node turned to DiskPressure, in the time range. Healthy is 0; in story 001 21 a day.',
        story: 'disk-pressure-loop',
        noData: 'No node had any',
      },
      promql`${transitions}{condition="DiskPressure",status="True",${CLUSTER}}`,
    ),
    mostOften(
      {
        title: 'Turned Unknown',
        description:
          'How often a node was given up, in the time range. Healthy is 0, or 1 for a reboot; in story 004 for a minute at a time.',
        story: 'image-gc-stall',
        noData: 'No node was given up',
      },
      promql`${transitions}{condition="Ready",status="Unknown",${CLUSTER}}`,
    ),
  ],
};
