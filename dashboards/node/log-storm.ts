import { promql } from '../../rules/promql.ts';
import { DISK_WRITE_LATENCY } from '../../rules/signatures/log-storm.ts';
import type { DashboardContext } from '../context.ts';
import { NO_NODE_EXPORTER } from '../no-data.ts';
import type { Row, TimeSeries } from '../panel.ts';
import { logGrowth } from '../panels/disk.ts';
import { blockedThreads } from '../panels/kubelet.ts';

export function logStorm(context: DashboardContext): Row {
  return {
    title: 'Log storm: a container logs so much that the disk stalls',
    panels: [{ ...logGrowth(context), height: 8 }, writeLatency(context), { ...blockedThreads(context), width: 6 }],
  };
}

function writeLatency({ chosenNode, threshold }: DashboardContext): TimeSeries {
  return {
    kind: 'timeseries',
    title: 'Write latency of disks',
    description: 'Average time of a write, from its queueing to its end: w_await of iostat.',
    signature: 'log-storm',
    unit: 'seconds',
    noData: NO_NODE_EXPORTER,
    width: 6,
    queries: [{ expr: promql`${DISK_WRITE_LATENCY}{${chosenNode}}`, legend: '{{device}}' }],
    thresholds: { critical: threshold('log-storm.disk_write_latency_seconds') },
    alerts: ['ForeshockNodeDiskStall'],
  };
}
