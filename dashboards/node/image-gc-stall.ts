import * as events from '../../exporter/cluster/watchers/events.ts';
import * as nodeImages from '../../exporter/cluster/watchers/images.ts';
import { promql } from '../../rules/promql.ts';
import type { DashboardContext } from '../context.ts';
import { NO_CLUSTER_ROLE, NO_IMAGES } from '../no-data.ts';
import type { Row, TimeSeries } from '../panel.ts';

export function imageGcStall(context: DashboardContext): Row {
  return {
    title: 'Image garbage collection stall: deleting images keeps the disk so busy that the node is lost',
    panels: [deleted(context), images(context), failedCollections(context)],
  };
}

function deleted({ chosenNode, perNode }: DashboardContext): TimeSeries {
  return {
    kind: 'timeseries',
    title: 'Images deleted',
    description: "Images that disappeared from the node's status in each step.",
    healthy: 'none, or some after a rollout',
    story: 'Story 000: 8 in 5 min, and the node was Unknown.',
    signature: 'image-gc-stall',
    unit: 'count',
    noData: NO_CLUSTER_ROLE,
    width: 8,
    events: true,
    queries: [
      {
        expr: perNode(promql`increase(${nodeImages.removed}{local_only="false",${chosenNode}}[$__rate_interval])`),
        legend: 'deleted',
      },
    ],
    alerts: ['ForeshockImageGCStall'],
  };
}

function images({ perNodeOfBothRoles }: DashboardContext): TimeSeries {
  return {
    kind: 'timeseries',
    title: 'Images on the node',
    description:
      "As listed in the node's status, where `nodeStatusMaxImages` of the kubelet limits the list; on a Docker host, all.",
    healthy: 'a steady number',
    story: 'Story 000: 8 fewer in 5 min.',
    signature: 'image-gc-stall',
    unit: 'count',
    noData: NO_IMAGES,
    width: 8,
    queries: [{ expr: perNodeOfBothRoles(nodeImages.count), legend: 'images' }],
  };
}

function failedCollections({ chosenNode, perNode }: DashboardContext): TimeSeries {
  return {
    kind: 'timeseries',
    title: 'Failed image garbage collections',
    description: 'Collections that failed or did not free enough, in each step.',
    healthy: 'none',
    story: 'Stories 001 and 003: one every 5 min.',
    signature: 'disk-pressure-loop',
    unit: 'count',
    noData: NO_CLUSTER_ROLE,
    width: 8,
    events: true,
    queries: [
      { expr: perNode(promql`increase(${events.failures}{${chosenNode}}[$__rate_interval])`), legend: 'failed' },
    ],
  };
}
