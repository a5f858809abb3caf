import * as systemd from '../../exporter/collectors/systemd-mounts.ts';
import { promql } from '../../rules/promql.ts';
import { CLUSTER, NODE, ofTarget, perNode, selectors } from '../expressions.ts';
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
      width: 8,
      queries: [{ expr: perNode(promql`${systemd.orphaned}{${NODE}}`), legend: 'left behind' }],
    },
    {
      kind: 'graph',
      title: 'Transient units and mounts',
      description: 'Healthy are some for each pod; story 002 §3: a huge number of scopes and mounts.',
      story: 'mount-unit-leak',
      unit: 'count',
      noData: 'The node role says nothing of this node',
      width: 8,
      queries: [
        { expr: perNode(promql`${systemd.transient}{${NODE}}`, 'type'), legend: 'units: {{type}}' },
        { expr: perNode(promql`${systemd.mounts}{${NODE}}`), legend: 'mounts' },
      ],
    },
    {
      kind: 'graph',
      title: 'Memory of the kubelet',
      description: 'Resident. Healthy is 100 to 200 MB; in story 002 §3 it grew with the units.',
      story: 'mount-unit-leak',
      unit: 'bytes',
      noData: "The kubelet's own metrics are not scraped",
      width: 8,
      queries: [
        {
          expr: ofTarget(promql`process_resident_memory_bytes{${selectors.kubelet},${CLUSTER}}`),
          legend: 'resident',
        },
      ],
    },
  ],
};
