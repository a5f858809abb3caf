import * as conditions from '../../exporter/cluster/watchers/conditions.ts';
import { amount } from '../../rules/amount.ts';
import { promql } from '../../rules/promql.ts';
import { HEARTBEAT_AGE } from '../../rules/series/heartbeats.ts';
import { LEASE_DURATION } from '../../rules/series/kubelet-thresholds.ts';
import { KUBELET_NODE } from '../../rules/series/node-identity.ts';
import type { Severity } from '../../rules/settings.ts';
import { exporter } from '../../rules/signatures/exporter.ts';
import { PIDS_USED } from '../../rules/signatures/zombie-pileup.ts';
import { firing } from '../alerts.ts';
import type { DashboardContext } from '../context.ts';
import { NO_CLUSTER_ROLE } from '../no-data.ts';
import type { Row, Stat } from '../panel.ts';

export function now(context: DashboardContext): Row {
  return {
    title: 'Now',
    panels: [
      reportingNodes(context),
      nodesWithAlert('critical', context),
      nodesWithAlert('warning', context),
      blindSpots(context),
      lateHeartbeats(context),
      diskPressures(context),
    ],
  };
}

const NONE_ALLOWED = { warning: { value: 1 } };

function reportingNodes({ chosenClusters }: DashboardContext): Stat {
  return {
    kind: 'stat',
    title: 'Nodes',
    description: 'Nodes with data from their own exporter or from the cluster role.',
    healthy: 'every node',
    signature: 'log-storm',
    unit: 'count',
    noData: 'No data from Foreshock',
    width: 4,
    query: {
      expr: promql`count(${PIDS_USED}{${chosenClusters}} or ${KUBELET_NODE}{${chosenClusters}})`,
      legend: 'nodes',
    },
  };
}

function nodesWithAlert(severity: Exclude<Severity, 'info'>, { chosenClusters, nodeLabels }: DashboardContext): Stat {
  return {
    kind: 'stat',
    title: `Nodes with a ${severity} alert`,
    description: `Nodes on which a ${severity} alert of Foreshock fires.`,
    healthy: '0',
    signature: 'log-storm',
    unit: 'count',
    noData: 'No alerts in Prometheus',
    width: 4,
    query: {
      expr: promql`count(count by (${nodeLabels}) (${firing(severity, chosenClusters)})) or vector(0)`,
      legend: severity,
    },
    thresholds: { [severity]: { value: 1 } },
  };
}

function blindSpots({ chosenClusters, nodeLabels }: DashboardContext): Stat {
  return {
    kind: 'stat',
    title: 'Blind spots',
    description: 'Nodes that Foreshock does not see fully: an exporter is down, or a collector fails.',
    healthy: '0',
    story: 'Story 002 §5: all monitoring of the node stopped.',
    signature: 'reclaim-thrash',
    unit: 'count',
    noData: 'No alerts in Prometheus',
    width: 4,
    query: {
      expr: promql`count(count by (${nodeLabels}) (ALERTS{alertstate="firing",signature="${exporter.id}",${chosenClusters}})) or vector(0)`,
      legend: 'blind spots',
    },
    thresholds: NONE_ALLOWED,
    alerts: [
      'ForeshockExporterDown',
      'ForeshockClusterRoleDown',
      'ForeshockBlind',
      'ForeshockCollectorFailing',
      'ForeshockCollectorStale',
      'ForeshockNodeLabelMissing',
    ],
  };
}

function lateHeartbeats({ chosenClusters, nodeLabels, threshold }: DashboardContext): Stat {
  const { value: share } = threshold('heartbeat.heartbeat_age_per_lease_duration');
  return {
    kind: 'stat',
    title: 'Late heartbeats',
    description: `Nodes without a heartbeat for more than ${amount(share, 'ratio')} of the lease duration.`,
    healthy: '0',
    story: 'Story 004: heartbeats came 63 to 125 s apart.',
    signature: 'log-storm',
    unit: 'count',
    noData: NO_CLUSTER_ROLE,
    width: 4,
    query: {
      expr: promql`
        sum(
          ${HEARTBEAT_AGE}{${chosenClusters}}
          > bool on (${nodeLabels})
          ${share} * ${LEASE_DURATION.record}{${chosenClusters}}
        )`,
      legend: 'late',
    },
    thresholds: NONE_ALLOWED,
    alerts: ['ForeshockKubeletHeartbeatLate'],
  };
}

function diskPressures({ chosenClusters, perNode }: DashboardContext): Stat {
  const condition = `condition="DiskPressure",status="True",${chosenClusters}`;
  return {
    kind: 'stat',
    title: 'Transitions to DiskPressure',
    description: 'Of all nodes, in the time range.',
    healthy: '0',
    story: 'Story 001: 21 a day on one node.',
    signature: 'disk-pressure-loop',
    unit: 'count',
    noData: NO_CLUSTER_ROLE,
    width: 4,
    query: {
      expr: promql`
        sum(round(
          ${perNode(promql`increase(${conditions.transitions}{${condition}}[$__range])`)}
        ))`,
      legend: 'transitions',
    },
    thresholds: NONE_ALLOWED,
  };
}
