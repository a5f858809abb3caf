import * as images from '../../exporter/node/collectors/image-filesystem.ts';
import { amount } from '../../rules/amount.ts';
import { promql } from '../../rules/promql.ts';
import { CONTAINER_DISK, LAYER_BYTES, LOG_BYTES } from '../../rules/series/disk-owners.ts';
import { IMAGE_FILESYSTEM_EVICTION, IMAGE_GC_HIGH, IMAGE_GC_LOW } from '../../rules/series/kubelet-thresholds.ts';
import { GC_WANTED, UNUSED_IMAGES } from '../../rules/signatures/disk-pressure-loop.ts';
import { IMAGE_FILESYSTEM_USED } from '../../rules/signatures/image-gc-stall.ts';
import { LOG_RATE } from '../../rules/signatures/log-storm.ts';
import type { DashboardContext } from '../context.ts';
import { largest, MAX_SERIES, withOwner } from '../expressions.ts';
import { NO_CONTAINER_LOGS, NO_CONTAINERS, NO_IMAGE_FILESYSTEM, NO_IMAGES, NO_WRITABLE_LAYERS } from '../no-data.ts';
import type { Stat, TimeSeries } from '../panel.ts';

/** Bytes of the filesystem that holds images. */
export function imageFilesystemSize({ chosenTarget, perNode }: DashboardContext): string {
  return perNode(promql`${images.size}{${chosenTarget}}`);
}

export function imageFilesystemAvailable({ chosenTarget, perNode }: DashboardContext): string {
  return perNode(promql`${images.available}{${chosenTarget}}`);
}

export function imageFilesystemUsed({ chosenNode, threshold }: DashboardContext): Stat {
  const gcHigh = IMAGE_GC_HIGH.documented;
  const warning = gcHigh - threshold('image-gc-stall.margin_below_gc').value;
  return {
    kind: 'stat',
    title: 'Image filesystem in use',
    description:
      'The filesystem with images, writable layers and mostly logs. By default the kubelet deletes images from ' +
      `${amount(gcHigh, 'ratio')} on, and evicts pods when that does not free enough.`,
    healthy: `below ${amount(warning, 'ratio')}`,
    signature: 'disk-pressure-loop',
    unit: 'ratio',
    noData: NO_IMAGE_FILESYSTEM,
    width: 6,
    query: { expr: promql`${IMAGE_FILESYSTEM_USED}{${chosenNode}}`, legend: 'in use' },
    thresholds: { warning: { value: warning } },
  };
}

export function imageFilesystem(context: DashboardContext): TimeSeries {
  const { chosenNode } = context;
  return {
    kind: 'timeseries',
    title: 'Image filesystem',
    description:
      "Use, and the kubelet's limits on this node: above the upper one it deletes images until the lower one is reached, " +
      'above the highest it evicts pods.',
    healthy: 'below all limits',
    story: 'Stories 000 and 001: at the limit for deleting images.',
    signature: 'disk-pressure-loop',
    unit: 'ratio',
    noData: NO_IMAGE_FILESYSTEM,
    width: 12,
    max: 1,
    queries: [
      { expr: promql`${IMAGE_FILESYSTEM_USED}{${chosenNode}}`, legend: 'in use' },
      { expr: promql`${IMAGE_GC_HIGH.record}{${chosenNode}}`, legend: 'deletes images from', limitColor: 'orange' },
      { expr: promql`${IMAGE_GC_LOW.record}{${chosenNode}}`, legend: 'deletes images down to', limitColor: 'text' },
      {
        expr: promql`1 - ${IMAGE_FILESYSTEM_EVICTION}{${chosenNode}} / ${imageFilesystemSize(context)}`,
        legend: 'evicts pods from',
        limitColor: 'red',
      },
    ],
    alerts: ['ForeshockImageGCImminent', 'ForeshockDiskPressureImminent'],
  };
}

export function imageGarbage({ chosenNode }: DashboardContext): TimeSeries {
  return {
    kind: 'timeseries',
    title: 'Image garbage collection: wanted and possible',
    description:
      'Bytes that the kubelet wants to free, and bytes of images that no pod uses: the most that it can free.',
    healthy: '0 wanted',
    story: 'Story 001: 8.1 GB wanted and nothing to free, because running containers used the disk.',
    signature: 'disk-pressure-loop',
    unit: 'bytes',
    noData: NO_IMAGES,
    width: 12,
    queries: [
      { expr: promql`${GC_WANTED}{${chosenNode}}`, legend: 'wanted' },
      { expr: promql`${UNUSED_IMAGES}{${chosenNode}}`, legend: 'unused images' },
    ],
    alerts: ['ForeshockImageGCCannotFree'],
  };
}

export function logGrowth({ chosenNode, threshold }: DashboardContext): TimeSeries {
  return {
    kind: 'timeseries',
    title: 'Log growth',
    description: `Bytes that containers write to their logs, across rotation: the ${MAX_SERIES} largest in the time range.`,
    signature: 'log-storm',
    unit: 'bytes/second',
    noData: NO_CONTAINER_LOGS,
    width: 12,
    height: 9,
    queries: [{ expr: withOwner(largest(promql`${LOG_RATE}{${chosenNode}}`)), legend: '{{owner}}' }],
    thresholds: { critical: threshold('log-storm.log_bytes_per_second') },
    legendTable: true,
    alerts: ['ForeshockContainerLogStorm', 'ForeshockContainerLogRateHigh'],
  };
}

export function logSize({ chosenNode, threshold }: DashboardContext): TimeSeries {
  return {
    kind: 'timeseries',
    title: 'Log size',
    description: `Disk space of logs, including rotated files: the ${MAX_SERIES} largest in the time range.`,
    signature: 'log-storm',
    unit: 'bytes',
    noData: NO_CONTAINER_LOGS,
    width: 12,
    height: 9,
    queries: [{ expr: withOwner(largest(promql`${LOG_BYTES}{${chosenNode}}`)), legend: '{{owner}}' }],
    thresholds: { warning: threshold('log-storm.unbounded_log_bytes') },
    legendTable: true,
    alerts: ['ForeshockContainerLogUnbounded'],
  };
}

export function layerSize({ chosenNode, threshold }: DashboardContext): TimeSeries {
  return {
    kind: 'timeseries',
    title: 'Writable layer size',
    description: `Bytes that containers wrote outside of volumes: the ${MAX_SERIES} largest in the time range.`,
    signature: 'disk-pressure-loop',
    unit: 'bytes',
    noData: NO_WRITABLE_LAYERS,
    width: 12,
    height: 9,
    queries: [{ expr: withOwner(largest(promql`${LAYER_BYTES}{${chosenNode}}`)), legend: '{{owner}}' }],
    thresholds: { warning: threshold('disk-pressure-loop.writable_layer_bytes') },
    legendTable: true,
    alerts: ['ForeshockContainerWritableLayerLarge'],
  };
}

export function containerDiskSpace({ chosenNode }: DashboardContext): TimeSeries {
  return {
    kind: 'timeseries',
    title: 'Disk space of containers',
    description:
      `Writable layer and logs, which no garbage collection frees while the container exists: the ${MAX_SERIES} largest ` +
      'in the time range.',
    healthy: 'some 100 MB',
    story: 'Story 001: nine containers had 6 to 12 GB.',
    signature: 'disk-pressure-loop',
    unit: 'bytes',
    noData: NO_CONTAINERS,
    width: 12,
    queries: [{ expr: withOwner(largest(promql`${CONTAINER_DISK}{${chosenNode}}`)), legend: '{{owner}}' }],
    legendTable: true,
  };
}
