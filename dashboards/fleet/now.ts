import { transitions } from '../../exporter/cluster/watchers/conditions.ts';
import { promql } from '../../rules/promql.ts';
import { HEARTBEAT_AGE } from '../../rules/series/heartbeats.ts';
import { LEASE_DURATION } from '../../rules/series/kubelet-thresholds.ts';
import { KUBELET_NODE } from '../../rules/series/node-identity.ts';
import type { Severity } from '../../rules/settings.ts';
import { PIDS_USED } from '../../rules/signatures/zombie-pileup.ts';
import { firing } from '../alerts.ts';
import { CLUSTER, perNode } from '../expressions.ts';
import type { Figure, Row } from '../panel.ts';
import { threshold } from '../thresholds.ts';

const NO_CLUSTER_ROLE = 'The cluster role says nothing of these clusters';

const nodesWith = (one: Severity, color: 'orange' | 'red', story: string): Figure => ({
  kind: 'figure',
  title: `Nodes with a ${one} alert`,
  description: `Nodes on which a ${one} alert of Foreshock fires. Healthy is 0.`,
  story,
  unit: 'count',
  noData: 'Prometheus has no alerts',
  width: 4,
  query: {
    expr: promql`count(count by (cluster, node) (${firing(one, CLUSTER)})) or vector(0)`,
    legend: one,
  },
  from: { value: 1, color },
});

export const now: Row = {
  title: 'Now',
  panels: [
    {
      kind: 'figure',
      title: 'Nodes',
      description:
        'Nodes that are heard of: by their own exporter, or by the cluster role. Healthy is all that there are.',
      story: 'log-storm',
      unit: 'count',
      noData: 'Nothing is heard of any node',
      width: 4,
      query: {
        expr: promql`count(${PIDS_USED}{${CLUSTER}} or ${KUBELET_NODE}{${CLUSTER}})`,
        legend: 'nodes',
      },
    },
    nodesWith('critical', 'red', 'log-storm'),
    nodesWith('warning', 'orange', 'log-storm'),
    {
      kind: 'figure',
      title: 'Blind spots',
      description:
        'Nodes of which Foreshock sees nothing, or not all: its exporter is down, or a collector fails. Healthy is 0; in story 002 §5 all monitoring of the node fell silent.',
      story: 'reclaim-thrash',
      unit: 'count',
      noData: 'Prometheus has no alerts',
      width: 4,
      query: {
        expr: promql`count(count by (cluster, node) (ALERTS{alertstate="firing",signature="exporter",${CLUSTER}})) or vector(0)`,
        legend: 'blind spots',
      },
      from: { value: 1, color: 'orange' },
      alerts: [
        'ForeshockExporterDown',
        'ForeshockClusterRoleDown',
        'ForeshockCollectorFailing',
        'ForeshockCollectorStale',
        'ForeshockNodeLabelMissing',
      ],
    },
    {
      kind: 'figure',
      title: 'Heartbeats late',
      description:
        'Nodes whose kubelet has not been heard of for longer than the alert allows. Healthy is 0; in story 004 heartbeats came 63 to 125 s apart.',
      story: 'log-storm',
      unit: 'count',
      noData: NO_CLUSTER_ROLE,
      width: 4,
      query: {
        expr: promql`
          sum(
            ${HEARTBEAT_AGE}{${CLUSTER}}
            > bool on (cluster, node)
            ${threshold('heartbeat.heartbeat_age_per_lease_duration').default} * ${LEASE_DURATION.record}{${CLUSTER}}
          )`,
        legend: 'late',
      },
      from: { value: 1, color: 'orange' },
      alerts: ['ForeshockKubeletHeartbeatLate'],
    },
    {
      kind: 'figure',
      title: 'Turns to DiskPressure',
      description: 'Of all nodes, in the time range. Healthy is 0; in story 001 21 a day of one node.',
      story: 'disk-pressure-loop',
      unit: 'count',
      noData: NO_CLUSTER_ROLE,
      width: 4,
      query: {
        expr: promql`
          sum(round(
            ${perNode(promql`increase(${transitions}{condition="DiskPressure",status="True",${CLUSTER}}[$__range])`)}
          ))`,
        legend: 'turns',
      },
      from: { value: 1, color: 'orange' },
    },
  ],
};
