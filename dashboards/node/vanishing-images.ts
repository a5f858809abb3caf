import * as events from '../../exporter/cluster/watchers/events.ts';
import * as images from '../../exporter/cluster/watchers/images.ts';
import { promql } from '../../rules/promql.ts';
import { LOCAL_ONLY_BYTES, LOCAL_ONLY_IMAGES } from '../../rules/signatures/vanishing-images.ts';
import type { DashboardContext } from '../context.ts';
import { NO_CLUSTER_ROLE, NO_IMAGES } from '../no-data.ts';
import type { Row, TimeSeries } from '../panel.ts';
import { imageFilesystemSize } from '../panels/disk.ts';

export function vanishingImages(context: DashboardContext): Row {
  return {
    title: 'Vanishing images: garbage collection deletes images that exist nowhere else',
    panels: [localOnlyImages(context), localOnlyBytes(context), failedPulls(context)],
  };
}

function localOnlyImages({ chosenNode, perNode }: DashboardContext): TimeSeries {
  return {
    kind: 'timeseries',
    title: 'Local-only images',
    description:
      'Images with a name and without a digest: built or imported on the node. Once deleted, they cannot be pulled again.',
    healthy: '0',
    story: 'Story 003: all images of a CI job.',
    signature: 'vanishing-images',
    unit: 'count',
    noData: NO_IMAGES,
    width: 6,
    queries: [
      { expr: promql`${LOCAL_ONLY_IMAGES}{${chosenNode}}`, legend: 'on the node' },
      {
        expr: perNode(promql`increase(${images.removed}{local_only="true",${chosenNode}}[$__rate_interval])`),
        legend: 'deleted',
      },
    ],
    alerts: ['ForeshockLocalOnlyImagesAtRisk', 'ForeshockLocalOnlyImagesRemoved'],
  };
}

function localOnlyBytes(context: DashboardContext): TimeSeries {
  return {
    kind: 'timeseries',
    title: 'Size of local-only images',
    description: 'Total size of the local-only images, and size of the image filesystem.',
    story: 'Story 003: a filesystem of 7.0 GB.',
    signature: 'vanishing-images',
    unit: 'bytes',
    noData: NO_IMAGES,
    width: 9,
    queries: [
      { expr: promql`${LOCAL_ONLY_BYTES}{${context.chosenNode}}`, legend: 'local-only images' },
      { expr: imageFilesystemSize(context), legend: 'image filesystem', limitColor: 'text' },
    ],
    alerts: ['ForeshockImageFilesystemTooSmall'],
  };
}

/** Of the events that the cluster role counts, those about pulls. */
const REASONS = ['FailedToPullImage', 'ImagePullBackOff', 'ErrImageNeverPull', 'SandboxImageMissing'];

function failedPulls({ chosenNode, perNode }: DashboardContext): TimeSeries {
  return {
    kind: 'timeseries',
    title: 'Failed image pulls',
    description: 'Events about pulls that failed, or that wait for another try, in each step.',
    healthy: 'none',
    story: 'Story 003: 43 in 13 min.',
    signature: 'vanishing-images',
    unit: 'count',
    noData: NO_CLUSTER_ROLE,
    width: 9,
    events: true,
    queries: [
      {
        expr: perNode(
          promql`increase(${events.occurrences}{reason=~"${REASONS.join('|')}",${chosenNode}}[$__rate_interval])`,
          'reason',
        ),
        legend: '{{reason}}',
      },
    ],
    alerts: ['ForeshockImagePullsFailAfterGC', 'ForeshockSandboxImageMissing'],
  };
}
