import { promql } from '../../rules/promql.ts';
import { KUBELET_MEMORY, MOUNTS, ORPHANED_UNITS, TRANSIENT_UNITS } from '../../rules/signatures/mount-unit-leak.ts';
import { NODE } from '../expressions.ts';
import type { Row } from '../panel.ts';

export const mountUnitLeak: Row = {
  title: 'Mount unit leak: units of pods that are gone stay in systemd',
  panels: [
    {
      kind: 'graph',
      title: 'Units that pods left behind',
      description:
        'Transient units for mounts of pods whose directory is gone. Healthy is 0; in story 002 §3 they stayed for ever.',
      story: 'mount-unit-leak',
      unit: 'count',
      noData: 'The node role says nothing of this node',
      width: 6,
      queries: [{ expr: promql`${ORPHANED_UNITS}{${NODE}}`, legend: 'left behind' }],
      lines: { warning: 'mount-unit-leak.orphaned_units' },
      alerts: ['ForeshockOrphanedSubpathUnits'],
    },
    {
      kind: 'graph',
      title: 'Transient units',
      description: 'Of systemd, by type. In story 002 §3 a huge number of scopes and mounts.',
      story: 'mount-unit-leak',
      unit: 'count',
      noData: 'The node role says nothing of this node',
      width: 6,
      queries: [{ expr: promql`${TRANSIENT_UNITS}{${NODE}}`, legend: '{{type}}' }],
      lines: { warning: 'mount-unit-leak.transient_units' },
      alerts: ['ForeshockSystemdUnitsGrow'],
    },
    {
      kind: 'graph',
      title: 'Mounts of the host',
      description: 'Every reader of the mount table pays for each of them; in story 002 §3 they grew with the units.',
      story: 'mount-unit-leak',
      unit: 'count',
      noData: 'The node role says nothing of this node',
      width: 6,
      queries: [{ expr: promql`${MOUNTS}{${NODE}}`, legend: 'mounts' }],
      lines: { warning: 'mount-unit-leak.mounts' },
      alerts: ['ForeshockMountTableGrowing'],
    },
    {
      kind: 'graph',
      title: 'Memory of the kubelet',
      description: 'Resident. Healthy is 100 to 200 MB; in story 002 §3 it grew with the units.',
      story: 'mount-unit-leak',
      unit: 'bytes',
      noData: "The kubelet's own metrics are not scraped",
      width: 6,
      queries: [{ expr: promql`${KUBELET_MEMORY}{${NODE}}`, legend: 'resident' }],
    },
  ],
};
