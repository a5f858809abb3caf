import { transitions } from '../../exporter/cluster/watchers/conditions.ts';
import { lastFreed, lastWanted } from '../../exporter/cluster/watchers/events.ts';
import { promql } from '../../rules/promql.ts';
import { NODE, perNode } from '../expressions.ts';
import type { Row } from '../panel.ts';
import { imageFilesystem, layerSize, wantedAndUnused } from '../panels/disk.ts';

export const diskPressureLoop: Row = {
  title: 'Disk pressure loop: garbage collection finds nothing, as running containers own the disk',
  panels: [
    { ...layerSize, height: 8 },
    imageFilesystem,
    {
      ...wantedAndUnused,
      width: 8,
    },
    {
      kind: 'graph',
      title: 'Last failed garbage collection',
      description:
        'What it wanted to free and what it freed, by the event of the kubelet. Story 001: 8,094,471,782 B wanted, 0 freed.',
      story: 'disk-pressure-loop',
      unit: 'bytes',
      noData: 'None has failed',
      width: 8,
      queries: [
        { expr: perNode(promql`${lastWanted}{${NODE}}`), legend: 'wanted' },
        { expr: perNode(promql`${lastFreed}{${NODE}}`), legend: 'freed' },
      ],
    },
    {
      kind: 'graph',
      title: 'Turns of DiskPressure',
      description:
        'How often the node turned to DiskPressure in each step. Healthy is never; in story 001 233 times in 11 days, once in 68 min.',
      story: 'disk-pressure-loop',
      unit: 'count',
      noData: 'The cluster role says nothing of this node',
      width: 8,
      events: true,
      queries: [
        {
          expr: perNode(
            promql`increase(${transitions}{condition="DiskPressure",status="True",${NODE}}[$__rate_interval])`,
          ),
          legend: 'turned',
        },
      ],
    },
  ],
};
