import { failures } from '../../exporter/cluster/watchers/events.ts';
import { count, removed } from '../../exporter/cluster/watchers/images.ts';
import { promql } from '../../rules/promql.ts';
import { NODE, perNode } from '../expressions.ts';
import type { Row } from '../panel.ts';

export const imageGcStall: Row = {
  title: 'Image garbage collection stall: deleting images keeps the disk so busy that the node is lost',
  panels: [
    {
      kind: 'graph',
      title: 'Images deleted',
      description:
        'Images that went from the list of the node, in each step. Healthy are none, or some after a rollout; in story 000 8 in 5 min, and the node was Unknown.',
      story: 'image-gc-stall',
      unit: 'count',
      noData: 'The cluster role says nothing of this node',
      width: 8,
      events: true,
      queries: [
        {
          expr: perNode(promql`increase(${removed}{local_only="false",${NODE}}[$__rate_interval])`),
          legend: 'deleted',
        },
      ],
    },
    {
      kind: 'graph',
      title: 'Images on the node',
      description: 'By the status of the node, which lists 50 at most unless the kubelet is told otherwise.',
      story: 'image-gc-stall',
      unit: 'count',
      noData: 'Nothing is known of images here',
      width: 8,
      queries: [{ expr: perNode(promql`${count}{${NODE}}`), legend: 'images' }],
    },
    {
      kind: 'graph',
      title: 'Failed garbage collections',
      description:
        'Image garbage collections that failed or did not free enough, in each step. Healthy is none; in stories 001 and 003 every 5 min.',
      story: 'disk-pressure-loop',
      unit: 'count',
      noData: 'The cluster role says nothing of this node',
      width: 8,
      events: true,
      queries: [{ expr: perNode(promql`increase(${failures}{${NODE}}[$__rate_interval])`), legend: 'failed' }],
    },
  ],
};
