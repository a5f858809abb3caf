import * as memory from '../../exporter/node/collectors/memory-cgroups.ts';
import { promql } from '../../rules/promql.ts';
import { DYING_CGROUPS, KUBELET_CPU, MEMORY_STAT_READ } from '../../rules/signatures/dying-memcg.ts';
import type { DashboardContext } from '../context.ts';
import { NO_KUBELET_METRICS, NO_NODE_ROLE } from '../no-data.ts';
import type { Row, TimeSeries } from '../panel.ts';
import { windowOf } from '../series-name.ts';

export function dyingMemcg(context: DashboardContext): Row {
  return {
    title: 'Dying memory cgroups: deleted cgroups make every read of memory.stat slow',
    panels: [readDuration(context), cgroups(context), kubeletCpu(context)],
  };
}

function readDuration({ chosenNode, threshold }: DashboardContext): TimeSeries {
  return {
    kind: 'timeseries',
    title: 'Read time of memory.stat',
    description: `Average over ${windowOf(MEMORY_STAT_READ)}, for the cgroups that hold containers.`,
    signature: 'dying-memcg',
    unit: 'seconds',
    noData: NO_NODE_ROLE,
    width: 8,
    queries: [{ expr: promql`${MEMORY_STAT_READ}{${chosenNode}}`, legend: '{{cgroup}}' }],
    thresholds: { warning: threshold('dying-memcg.memory_stat_read_seconds') },
    alerts: ['ForeshockMemoryStatSlow'],
  };
}

function cgroups({ chosenNode, chosenTarget, perNode, threshold }: DashboardContext): TimeSeries {
  return {
    kind: 'timeseries',
    title: 'Memory cgroups',
    description: 'Live cgroups, and dying ones: deleted, but memory is still charged to them.',
    healthy: 'fewer dying than live cgroups',
    story: 'Story 002 §2: a node with many cron jobs; the number is not known.',
    signature: 'dying-memcg',
    unit: 'count',
    noData: NO_NODE_ROLE,
    width: 8,
    queries: [
      { expr: promql`${DYING_CGROUPS}{${chosenNode}}`, legend: 'dying' },
      { expr: perNode(promql`${memory.live}{${chosenTarget}}`), legend: 'live' },
    ],
    thresholds: { warning: threshold('dying-memcg.dying_cgroups') },
    alerts: ['ForeshockDyingMemoryCgroups'],
  };
}

function kubeletCpu({ chosenNode, threshold }: DashboardContext): TimeSeries {
  return {
    kind: 'timeseries',
    title: 'CPU of the kubelet',
    description: `Cores, averaged over ${windowOf(KUBELET_CPU)}.`,
    story: 'Story 002 §2: reading memory.stat took more than a third of it.',
    signature: 'dying-memcg',
    unit: 'cores',
    noData: NO_KUBELET_METRICS,
    width: 8,
    queries: [{ expr: promql`${KUBELET_CPU}{${chosenNode}}`, legend: 'cores' }],
    thresholds: { warning: threshold('dying-memcg.kubelet_cores') },
    alerts: ['ForeshockKubeletCPUHigh'],
  };
}
