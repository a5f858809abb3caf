import * as conditions from '../../exporter/cluster/watchers/conditions.ts';
import { promql } from '../../rules/promql.ts';
import { GC_FREED, GC_WANTED } from '../../rules/signatures/disk-pressure-loop.ts';
import type { DashboardContext } from '../context.ts';
import { NO_CLUSTER_ROLE } from '../no-data.ts';
import type { Row, TimeSeries } from '../panel.ts';
import { containerDiskSpace, imageFilesystem, imageGarbage, layerSize } from '../panels/disk.ts';

export function diskPressureLoop(context: DashboardContext): Row {
  return {
    title: 'Disk pressure loop: garbage collection frees nothing, because running containers use the disk',
    panels: [
      { ...layerSize(context), height: 8, width: 8 },
      { ...containerDiskSpace(context), width: 8 },
      { ...imageFilesystem(context), width: 8 },
      { ...imageGarbage(context), width: 8 },
      lastFailure(context),
      diskPressures(context),
    ],
  };
}

function lastFailure({ chosenNode }: DashboardContext): TimeSeries {
  return {
    kind: 'timeseries',
    title: 'Last failed image garbage collection',
    description: "Bytes that it wanted to free and bytes that it freed, from the kubelet's event.",
    healthy: 'none failed',
    story: 'Story 001: 8,094,471,782 B wanted, 0 freed.',
    signature: 'disk-pressure-loop',
    unit: 'bytes',
    noData: 'None failed',
    width: 8,
    queries: [
      { expr: promql`${GC_WANTED}{${chosenNode}}`, legend: 'wanted' },
      { expr: promql`${GC_FREED}{${chosenNode}}`, legend: 'freed' },
    ],
    alerts: ['ForeshockImageGCCannotFree'],
  };
}

function diskPressures({ chosenNode, perNode }: DashboardContext): TimeSeries {
  return {
    kind: 'timeseries',
    title: 'Transitions to DiskPressure',
    description: 'In each step.',
    healthy: 'none',
    story: 'Story 001: 233 in 11 days, one every 68 min.',
    signature: 'disk-pressure-loop',
    unit: 'count',
    noData: NO_CLUSTER_ROLE,
    width: 8,
    events: true,
    queries: [
      {
        expr: perNode(
          promql`increase(${conditions.transitions}{condition="DiskPressure",status="True",${chosenNode}}[$__rate_interval])`,
        ),
        legend: 'transitions',
      },
    ],
    alerts: ['ForeshockDiskPressureLoop'],
  };
}
