import * as reclaim from '../../exporter/node/collectors/reclaim.ts';
import { OWNER_LABELS } from '../../exporter/node/containers/container.ts';
import { promql } from '../../rules/promql.ts';
import { MEMORY_AVAILABLE } from '../../rules/series/memory.ts';
import { KSWAPD_CPU, RECLAIM_SCANS, REFAULTS } from '../../rules/signatures/reclaim-thrash.ts';
import { NODE, perNode, withOwner } from '../expressions.ts';
import type { Row } from '../panel.ts';

const NO_NODE_ROLE = 'The node role says nothing of this node';

export const reclaimThrash: Row = {
  title: 'Reclaim thrash: pages are read again as soon as they are thrown out',
  panels: [
    {
      kind: 'graph',
      title: 'Memory available',
      description: 'What can be had without swapping, as a share of all. In story 002 §5 it was near its end.',
      story: 'reclaim-thrash',
      unit: 'ratio',
      noData: 'Neither node_exporter nor the kubelet says how much memory there is',
      width: 8,
      max: 1,
      queries: [{ expr: promql`${MEMORY_AVAILABLE}{${NODE}}`, legend: 'available' }],
      lines: { warning: 'reclaim-thrash.available_ratio', below: true },
      alerts: ['ForeshockMemoryNearWatermark', 'ForeshockReclaimThrash', 'ForeshockNodeVanishedUnderMemoryPressure'],
    },
    {
      kind: 'graph',
      title: 'CPU time of kswapd',
      description: 'In cores, of all its threads. In story 002 §5 it was the bottleneck of the whole system.',
      story: 'reclaim-thrash',
      unit: 'count',
      noData: NO_NODE_ROLE,
      width: 8,
      queries: [{ expr: promql`${KSWAPD_CPU}{${NODE}}`, legend: 'cores' }],
      lines: { critical: 'reclaim-thrash.kswapd_cores' },
      alerts: ['ForeshockReclaimThrash'],
    },
    {
      kind: 'graph',
      title: 'Pages read again',
      description: 'Soon after they were thrown out. In story 002 §5 all that a database read.',
      story: 'reclaim-thrash',
      unit: 'per second',
      noData: NO_NODE_ROLE,
      width: 8,
      queries: [{ expr: promql`${REFAULTS}{${NODE}}`, legend: 'pages' }],
      lines: { critical: 'reclaim-thrash.refaults_per_second' },
      alerts: ['ForeshockReclaimThrash'],
    },
    {
      kind: 'graph',
      title: 'Pages looked at to free some',
      description:
        'By kswapd, or directly by tasks that need memory and wait for it. In story 002 §5 most were looked at in vain.',
      story: 'reclaim-thrash',
      unit: 'per second',
      noData: NO_NODE_ROLE,
      width: 8,
      queries: [{ expr: promql`${RECLAIM_SCANS}{${NODE}}`, legend: '{{by}}' }],
      lines: { critical: 'reclaim-thrash.direct_scans_per_second' },
      alerts: ['ForeshockReclaimThrash'],
    },
    {
      kind: 'graph',
      title: 'Free memory above the low watermark',
      description:
        'Below 0 kswapd does not keep up. Healthy are GB, or some 100 MB where the page cache is full; in story 002 §5 there was none.',
      story: 'reclaim-thrash',
      unit: 'bytes',
      noData: NO_NODE_ROLE,
      width: 8,
      signed: true,
      queries: [{ expr: perNode(promql`${reclaim.headroom}{${NODE}}`), legend: 'above the watermark' }],
    },
    {
      kind: 'graph',
      title: 'Containers that wait for memory',
      description:
        'Share of the time in which all tasks of a container waited (memory.pressure, full); the ten largest of each moment. Healthy is 0; in story 002 §5 a MongoDB.',
      story: 'reclaim-thrash',
      unit: 'ratio',
      noData: 'No container has it: it takes cgroup v2',
      width: 8,
      queries: [
        {
          expr: withOwner(
            promql`topk(10, ${perNode(promql`rate(${reclaim.pressure}{kind="full",${NODE}}[$__rate_interval])`, ...OWNER_LABELS)})`,
          ),
          legend: '{{owner}}',
        },
      ],
    },
  ],
};
