import * as memory from '../../exporter/collectors/memory-cgroups.ts';
import { promql } from '../../rules/promql.ts';
import { CLUSTER, mean, NODE, ofTarget, perNode, selectors } from '../expressions.ts';
import type { Row } from '../panel.ts';

export const dyingMemcg: Row = {
  title: 'Dying memory cgroups: deleted ones make every read of memory.stat slow',
  panels: [
    {
      kind: 'graph',
      title: 'One read of memory.stat',
      description:
        'The mean of each step. Healthy is 0.01 s; in story 002 §2 1.2 s, and a third of the CPU time of the kubelet.',
      story: 'dying-memcg',
      unit: 'seconds',
      noData: 'The node role says nothing of this node',
      width: 8,
      queries: [{ expr: mean(memory.readDuration, NODE, 'cgroup'), legend: '{{cgroup}}' }],
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
        { expr: perNode(promql`${memory.dying}{${NODE}}`), legend: 'dying' },
        { expr: perNode(promql`${memory.live}{${NODE}}`), legend: 'living' },
      ],
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
      queries: [
        {
          expr: ofTarget(promql`rate(process_cpu_seconds_total{${selectors.kubelet},${CLUSTER}}[$__rate_interval])`),
          legend: 'cores',
        },
      ],
    },
  ],
};
