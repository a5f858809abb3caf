import * as images from '../../exporter/node/collectors/image-filesystem.ts';
import { promql } from '../../rules/promql.ts';
import { CONTAINER_DISK, LAYER_BYTES, LOG_BYTES } from '../../rules/series/disk-owners.ts';
import { IMAGE_FILESYSTEM_EVICTION, IMAGE_GC_HIGH, IMAGE_GC_LOW } from '../../rules/series/kubelet-thresholds.ts';
import { GC_WANTED, UNUSED_IMAGES } from '../../rules/signatures/disk-pressure-loop.ts';
import { IMAGE_FILESYSTEM_USED } from '../../rules/signatures/image-gc-stall.ts';
import { LOG_RATE } from '../../rules/signatures/log-storm.ts';
import { largest, NODE, perNode, withOwner } from '../expressions.ts';
import type { Graph } from '../panel.ts';

/** Of the file system that images are on. */
export const SIZE = perNode(promql`${images.size}{${NODE}}`);
export const AVAILABLE = perNode(promql`${images.available}{${NODE}}`);
export const IN_USE = promql`${IMAGE_FILESYSTEM_USED}{${NODE}}`;

export const imageFilesystem: Graph = {
  kind: 'graph',
  title: 'Image file system',
  description:
    'How much is in use, and the limits in force: from the upper one on the kubelet deletes images down to the lower one, ' +
    'from the highest on it evicts pods. Healthy is below all of them; stories 000 and 001 stood at the upper one.',
  story: 'disk-pressure-loop',
  unit: 'ratio',
  noData: 'Image file system unknown',
  width: 12,
  max: 1,
  queries: [
    { expr: IN_USE, legend: 'in use' },
    { expr: promql`${IMAGE_GC_HIGH.record}{${NODE}}`, legend: 'images deleted from here', limit: 'orange' },
    { expr: promql`${IMAGE_GC_LOW.record}{${NODE}}`, legend: 'down to here', limit: 'text' },
    {
      expr: promql`1 - ${IMAGE_FILESYSTEM_EVICTION}{${NODE}} / ${SIZE}`,
      legend: 'pods evicted from here',
      limit: 'red',
    },
  ],
  alerts: ['ForeshockImageGCImminent', 'ForeshockDiskPressureImminent'],
};

export const wantedAndUnused: Graph = {
  kind: 'graph',
  title: 'What garbage collection wants, and can get',
  description:
    'Bytes that the kubelet wants to free, against those of images that no pod uses. Healthy is 0 wanted; in story 001 ' +
    '8.1 GB were wanted and nothing was to be had, because running containers owned the disk.',
  story: 'disk-pressure-loop',
  unit: 'bytes',
  noData: 'Nothing is known of images here',
  width: 12,
  queries: [
    { expr: promql`${GC_WANTED}{${NODE}}`, legend: 'wanted' },
    { expr: promql`${UNUSED_IMAGES}{${NODE}}`, legend: 'in images that no pod uses' },
  ],
  alerts: ['ForeshockImageGCCannotFree'],
};

export const logGrowth: Graph = {
  kind: 'graph',
  title: 'Log growth',
  description: 'Bytes that containers write to their logs, through rotation; the ten largest of the time range.',
  story: 'log-storm',
  unit: 'bytes/second',
  noData: 'No container logs to files',
  width: 12,
  height: 9,
  queries: [{ expr: withOwner(largest(10, promql`${LOG_RATE}{${NODE}}`)), legend: '{{owner}}' }],
  lines: { critical: 'log-storm.log_bytes_per_second' },
  ranked: true,
  alerts: ['ForeshockContainerLogStorm', 'ForeshockContainerLogRateHigh'],
};

export const logSize: Graph = {
  kind: 'graph',
  title: 'Log size',
  description:
    'Disk space of logs, rotated ones included; the ten largest of the time range. In story 004 12 GB of a single one.',
  story: 'log-storm',
  unit: 'bytes',
  noData: 'No container logs to files',
  width: 12,
  height: 9,
  queries: [{ expr: withOwner(largest(10, promql`${LOG_BYTES}{${NODE}}`)), legend: '{{owner}}' }],
  lines: { warning: 'log-storm.unbounded_log_bytes' },
  ranked: true,
  alerts: ['ForeshockContainerLogUnbounded'],
};

export const layerSize: Graph = {
  kind: 'graph',
  title: 'Writable layer size',
  description: 'What containers wrote outside their volumes; the ten largest of the time range.',
  story: 'disk-pressure-loop',
  unit: 'bytes',
  noData: 'No writable layer is known',
  width: 12,
  height: 9,
  queries: [{ expr: withOwner(largest(10, promql`${LAYER_BYTES}{${NODE}}`)), legend: '{{owner}}' }],
  lines: { warning: 'disk-pressure-loop.writable_layer_bytes' },
  ranked: true,
  alerts: ['ForeshockContainerWritableLayerLarge'],
};

export const containerDisk: Graph = {
  kind: 'graph',
  title: 'Disk space of containers',
  description:
    'Writable layer and logs together: what no collection of images frees; the ten largest of the time range. Healthy are ' +
    'some 100 MB; in story 001 nine containers had 6 to 12 GB.',
  story: 'disk-pressure-loop',
  unit: 'bytes',
  noData: 'No container writes to disk',
  width: 12,
  queries: [{ expr: withOwner(largest(10, promql`${CONTAINER_DISK}{${NODE}}`)), legend: '{{owner}}' }],
  ranked: true,
};
