import { promql } from '../../rules/promql.ts';
import { KUBELET_MEMORY, MOUNTS, ORPHANED_UNITS, TRANSIENT_UNITS } from '../../rules/signatures/mount-unit-leak.ts';
import type { DashboardContext } from '../context.ts';
import { NO_KUBELET_METRICS, NO_NODE_ROLE } from '../no-data.ts';
import type { Row } from '../panel.ts';

export function mountUnitLeak({ chosenNode, threshold }: DashboardContext): Row {
  return {
    title: 'Mount unit leak: systemd keeps the units of deleted pods',
    panels: [
      {
        kind: 'timeseries',
        title: 'Orphaned mount units',
        description: 'Transient units for mounts of pods whose directory is gone.',
        story: 'Story 002 §3: they stayed forever.',
        signature: 'mount-unit-leak',
        unit: 'count',
        noData: NO_NODE_ROLE,
        width: 6,
        queries: [{ expr: promql`${ORPHANED_UNITS}{${chosenNode}}`, legend: 'orphaned' }],
        thresholds: { warning: threshold('mount-unit-leak.orphaned_units') },
        alerts: ['ForeshockOrphanedSubpathUnits'],
      },
      {
        kind: 'timeseries',
        title: 'Transient units',
        description: 'Transient units of systemd, by type.',
        story: 'Story 002 §3: a huge number of scopes and mounts.',
        signature: 'mount-unit-leak',
        unit: 'count',
        noData: NO_NODE_ROLE,
        width: 6,
        queries: [{ expr: promql`${TRANSIENT_UNITS}{${chosenNode}}`, legend: '{{type}}' }],
        thresholds: { warning: threshold('mount-unit-leak.transient_units') },
        alerts: ['ForeshockSystemdUnitsGrow'],
      },
      {
        kind: 'timeseries',
        title: 'Mounts of the host',
        description: 'Every mount makes reading the mount table slower, for all that read it.',
        story: 'Story 002 §3: they grew with the units.',
        signature: 'mount-unit-leak',
        unit: 'count',
        noData: NO_NODE_ROLE,
        width: 6,
        queries: [{ expr: promql`${MOUNTS}{${chosenNode}}`, legend: 'mounts' }],
        thresholds: { warning: threshold('mount-unit-leak.mounts') },
        alerts: ['ForeshockMountTableGrowing'],
      },
      {
        kind: 'timeseries',
        title: 'Memory of the kubelet',
        description: 'Resident memory.',
        healthy: '100 to 200 MB',
        story: 'Story 002 §3: it grew with the units.',
        signature: 'mount-unit-leak',
        unit: 'bytes',
        noData: NO_KUBELET_METRICS,
        width: 6,
        queries: [{ expr: promql`${KUBELET_MEMORY}{${chosenNode}}`, legend: 'resident' }],
      },
    ],
  };
}
