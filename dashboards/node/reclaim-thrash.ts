import * as reclaim from '../../exporter/collectors/reclaim.ts';
import { OWNER_LABELS } from '../../exporter/containers/container.ts';
import { promql } from '../../rules/promql.ts';
import { NODE, perNode, withOwner } from '../expressions.ts';
import type { Row } from '../panel.ts';

const NO_NODE_ROLE = 'The node role says nothing of this node';

export const reclaimThrash: Row = {
  title: 'Reclaim thrash: pages are read again as soon as they are thrown out',
  panels: [
    {
      kind: 'graph',
      title: 'Free memory above the low watermark',
      description:
        'Below 0 kswapd does not keep up. Healthy are GB, or some 100 MB where the page cache is full; in story 002 §5 memory was near its end.',
      story: 'reclaim-thrash',
      unit: 'bytes',
      noData: NO_NODE_ROLE,
      width: 8,
      signed: true,
      queries: [{ expr: perNode(promql`${reclaim.headroom}{${NODE}}`), legend: 'above the watermark' }],
    },
    {
      kind: 'graph',
      title: 'CPU time of kswapd',
      description:
        'In cores, of all its threads. Healthy is 0; in story 002 §5 it was the bottleneck of the whole system.',
      story: 'reclaim-thrash',
      unit: 'count',
      noData: NO_NODE_ROLE,
      width: 8,
      queries: [{ expr: perNode(promql`rate(${reclaim.kswapdTime}{${NODE}}[$__rate_interval])`), legend: 'cores' }],
    },
    {
      kind: 'graph',
      title: 'Pages read again',
      description:
        'Soon after they were thrown out. Healthy are a few a second; in story 002 §5 all that a database read.',
      story: 'reclaim-thrash',
      unit: 'per second',
      noData: NO_NODE_ROLE,
      width: 8,
      queries: [
        {
          expr: perNode(promql`rate(${reclaim.refaults}{${NODE}}[$__rate_interval])`, 'type'),
          legend: 'pages of {{type}}',
        },
      ],
    },
    {
      kind: 'graph',
      title: 'Pages looked at and freed',
      description:
        'By kswapd, or by tasks that had to wait for it (direct). Healthy: nearly all that are looked at are freed, none directly; in story 002 §5 most are looked at in vain.',
      story: 'reclaim-thrash',
      unit: 'per second',
      noData: NO_NODE_ROLE,
      width: 12,
      queries: [
        {
          expr: perNode(promql`rate(${reclaim.scanned}{${NODE}}[$__rate_interval])`, 'by'),
          legend: 'looked at: {{by}}',
        },
        { expr: perNode(promql`rate(${reclaim.stolen}{${NODE}}[$__rate_interval])`, 'by'), legend: 'freed: {{by}}' },
      ],
    },
    {
      kind: 'graph',
      title: 'Containers that wait for memory',
      description:
        'Share of the time in which all tasks of a container waited (memory.pressure, full); the ten largest of each moment. Healthy is 0; story 002 §5: a MongoDB.',
      story: 'reclaim-thrash',
      unit: 'ratio',
      noData: 'No container has it: it takes cgroup v2',
      width: 12,
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
