import { live } from '../../exporter/node/collectors/memory-cgroups.ts';
import { promql } from '../../rules/promql.ts';
import { DYING_CGROUPS, KUBELET_CPU, MEMORY_STAT_READ } from '../../rules/signatures/dying-memcg.ts';
import { NODE, perNode } from '../expressions.ts';
import type { Row } from '../panel.ts';

export const dyingMemcg: Row = {
  title: 'Dying memory cgroups: deleted ones make every read of memory.stat slow',
  panels: [
    {
      kind: 'graph',
      title: 'One read of memory.stat',
      description: 'The mean of ten minutes, for the cgroups that hold containers. In story 002 §2 1.2 s.',
      story: 'dying-memcg',
      unit: 'seconds',
      noData: 'The node role says nothing of this node',
      width: 8,
      queries: [{ expr: promql`${MEMORY_STAT_READ}{${NODE}}`, legend: '{{cgroup}}' }],
      lines: { warning: 'dying-memcg.memory_stat_read_seconds' },
      alerts: ['ForeshockMemoryStatSlow'],
    },
    {
      kind: 'graph',
      title: 'Memory cgroups',
      description:
        'Those that exist, and those that were deleted and still hold memory. Healthy are fewer dying than living ones; story 002 §2 gives no number, only a node of cron jobs.',
      story: 'dying-memcg',
      unit: 'count',
      noData: 'The node role says nothing of this node',
      width: 8,
      queries: [
        { expr: promql`${DYING_CGROUPS}{${NODE}}`, legend: 'dying' },
        { expr: perNode(promql`${live}{${NODE}}`), legend: 'living' },
      ],
      lines: { warning: 'dying-memcg.dying_cgroups' },
      alerts: ['ForeshockDyingMemoryCgroups'],
    },
    {
      kind: 'graph',
      title: 'CPU time of the kubelet',
      description:
        'In cores. Healthy is 0.1 to 0.3 on a node of 30 pods; in story 002 §2 more than a third went into memory.stat.',
      story: 'dying-memcg',
      unit: 'count',
      noData: "The kubelet's own metrics are not scraped",
      width: 8,
      queries: [{ expr: promql`${KUBELET_CPU}{${NODE}}`, legend: 'cores' }],
      lines: { warning: 'dying-memcg.kubelet_cores' },
      alerts: ['ForeshockKubeletCPUHigh'],
    },
  ],
};
