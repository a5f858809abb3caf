import * as reclaim from '../../exporter/node/collectors/reclaim.ts';
import { OWNER_LABELS } from '../../exporter/node/containers/container.ts';
import { promql } from '../../rules/promql.ts';
import { MEMORY_AVAILABLE } from '../../rules/series/memory.ts';
import { KSWAPD_CPU, RECLAIM_SCANS, REFAULTS } from '../../rules/signatures/reclaim-thrash.ts';
import type { DashboardContext } from '../context.ts';
import { MAX_SERIES, withOwner } from '../expressions.ts';
import { NO_NODE_ROLE } from '../no-data.ts';
import type { Row, TimeSeries } from '../panel.ts';

export function reclaimThrash(context: DashboardContext): Row {
  return {
    title: 'Reclaim thrash: pages are evicted from memory and read again at once',
    panels: [
      available(context),
      kswapd(context),
      refaults(context),
      scans(context),
      headroom(context),
      waitingContainers(context),
    ],
  };
}

function available({ chosenNode, threshold }: DashboardContext): TimeSeries {
  return {
    kind: 'timeseries',
    title: 'Memory available',
    description: 'Memory available without swapping, as a share of the total.',
    signature: 'reclaim-thrash',
    unit: 'ratio',
    noData: 'No data from node_exporter or the kubelet',
    width: 8,
    max: 1,
    queries: [{ expr: promql`${MEMORY_AVAILABLE}{${chosenNode}}`, legend: 'available' }],
    thresholds: { warning: threshold('reclaim-thrash.available_ratio'), below: true },
    alerts: ['ForeshockMemoryNearWatermark', 'ForeshockReclaimThrash', 'ForeshockNodeVanishedUnderMemoryPressure'],
  };
}

function kswapd({ chosenNode, threshold }: DashboardContext): TimeSeries {
  return {
    kind: 'timeseries',
    title: 'CPU of kswapd',
    description: 'Cores, of all its threads.',
    story: 'Story 002 §5: it was the bottleneck of the whole system.',
    signature: 'reclaim-thrash',
    unit: 'cores',
    noData: NO_NODE_ROLE,
    width: 8,
    queries: [{ expr: promql`${KSWAPD_CPU}{${chosenNode}}`, legend: 'cores' }],
    thresholds: { critical: threshold('reclaim-thrash.kswapd_cores') },
    alerts: ['ForeshockReclaimThrash'],
  };
}

function refaults({ chosenNode, threshold }: DashboardContext): TimeSeries {
  return {
    kind: 'timeseries',
    title: 'Refaults',
    description: 'Pages that are read again soon after they were evicted from memory.',
    story: 'Story 002 §5: all that a database read.',
    signature: 'reclaim-thrash',
    unit: 'pages/second',
    noData: NO_NODE_ROLE,
    width: 8,
    queries: [{ expr: promql`${REFAULTS}{${chosenNode}}`, legend: 'pages' }],
    thresholds: { critical: threshold('reclaim-thrash.refaults_per_second') },
    alerts: ['ForeshockReclaimThrash'],
  };
}

function scans({ chosenNode, threshold }: DashboardContext): TimeSeries {
  return {
    kind: 'timeseries',
    title: 'Pages scanned for reclaim',
    description: 'By kswapd, or directly by tasks that need memory and wait for it.',
    story: 'Story 002 §5: most scans freed nothing.',
    signature: 'reclaim-thrash',
    unit: 'pages/second',
    noData: NO_NODE_ROLE,
    width: 8,
    queries: [{ expr: promql`${RECLAIM_SCANS}{${chosenNode}}`, legend: '{{by}}' }],
    thresholds: { critical: threshold('reclaim-thrash.direct_scans_per_second') },
    alerts: ['ForeshockReclaimThrash'],
  };
}

function headroom({ chosenTarget, perNode }: DashboardContext): TimeSeries {
  return {
    kind: 'timeseries',
    title: 'Free memory above the low watermark',
    description: 'Below 0, kswapd does not keep up.',
    healthy: 'GB, or some 100 MB where the page cache fills the memory',
    story: 'Story 002 §5: none.',
    signature: 'reclaim-thrash',
    unit: 'bytes',
    noData: NO_NODE_ROLE,
    width: 8,
    signed: true,
    queries: [{ expr: perNode(promql`${reclaim.headroom}{${chosenTarget}}`), legend: 'above the watermark' }],
  };
}

function waitingContainers({ chosenTarget, perNode }: DashboardContext): TimeSeries {
  return {
    kind: 'timeseries',
    title: 'Containers waiting for memory',
    description:
      'Share of the time that all tasks of a container waited for memory (memory.pressure, full): ' +
      `the ${MAX_SERIES} largest at each moment.`,
    healthy: '0',
    story: 'Story 002 §5: a MongoDB.',
    signature: 'reclaim-thrash',
    unit: 'ratio',
    noData: 'No data; needs cgroup v2',
    width: 8,
    queries: [
      {
        expr: withOwner(
          promql`topk(${MAX_SERIES}, ${perNode(promql`rate(${reclaim.pressure}{kind="full",${chosenTarget}}[$__rate_interval])`, ...OWNER_LABELS)})`,
        ),
        legend: '{{owner}}',
      },
    ],
  };
}
