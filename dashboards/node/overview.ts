import { promql } from '../../rules/promql.ts';
import { LOG_RATE } from '../../rules/signatures/log-storm.ts';
import { SEVERITIES, worstSeverity } from '../alerts.ts';
import type { DashboardContext } from '../context.ts';
import { NO_CONTAINER_LOGS, NO_NODE_ROLE } from '../no-data.ts';
import type { Row, Stat, StateTimeline } from '../panel.ts';
import { imageFilesystemUsed } from '../panels/disk.ts';
import { lastHeartbeat } from '../panels/kubelet.ts';
import { pidsInUse } from './zombie-pileup.ts';

export function overview(context: DashboardContext): Row {
  return {
    title: 'Overview',
    panels: [lastHeartbeat(context), imageFilesystemUsed(context), fastestLog(context), pids(context), alerts(context)],
  };
}

function fastestLog({ chosenNode, nodeLabels, threshold }: DashboardContext): Stat {
  return {
    kind: 'stat',
    title: 'Fastest log',
    description: 'Bytes per second of the container that logs the most.',
    signature: 'log-storm',
    unit: 'bytes/second',
    noData: NO_CONTAINER_LOGS,
    width: 6,
    query: { expr: promql`max by (${nodeLabels}) (${LOG_RATE}{${chosenNode}})`, legend: 'log' },
    thresholds: { critical: threshold('log-storm.log_bytes_per_second') },
  };
}

function pids(context: DashboardContext): Stat {
  const { threshold } = context;
  return {
    kind: 'stat',
    title: 'PIDs in use',
    description: 'Share of the PIDs that the host can have.',
    story: 'Story 002 §1: none was left.',
    signature: 'zombie-pileup',
    unit: 'ratio',
    noData: NO_NODE_ROLE,
    width: 6,
    query: { expr: pidsInUse(context), legend: 'in use' },
    thresholds: {
      warning: threshold('zombie-pileup.pids_near_limit'),
      critical: threshold('zombie-pileup.pids_exhausted'),
    },
  };
}

function alerts(context: DashboardContext): StateTimeline {
  return {
    kind: 'state-timeline',
    title: 'Alerts of this node',
    description: 'When which alert fired. The rows below have the names of the signatures.',
    healthy: 'no alerts',
    story: 'Story 004: a log storm and its consequences.',
    signature: 'log-storm',
    unit: 'count',
    noData: 'No alert in the time range',
    width: 24,
    height: 7,
    queries: [
      {
        expr: worstSeverity(['signature', 'alertname'], context.chosenNode, context),
        legend: '{{signature}}: {{alertname}}',
      },
    ],
    states: SEVERITIES,
  };
}
