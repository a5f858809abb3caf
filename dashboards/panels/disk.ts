import { unused } from '../../exporter/cluster/watchers/images.ts';
import * as images from '../../exporter/collectors/image-filesystem.ts';
import * as layers from '../../exporter/collectors/writable-layers.ts';
import { OWNER_LABELS } from '../../exporter/containers/container.ts';
import { IMAGE_FILESYSTEM_EVICTION, IMAGE_GC_HIGH, IMAGE_GC_LOW } from '../../rules/kubelet-thresholds.ts';
import { promql } from '../../rules/promql.ts';
import { LOG_BYTES, LOG_RATE } from '../../rules/signatures/log-storm.ts';
import { largest, NODE, perNode, withOwner } from '../expressions.ts';
import type { Graph } from '../panel.ts';

/** Of each container of the node. */
export const LAYER = perNode(promql`${layers.bytes}{${NODE}}`, ...OWNER_LABELS);

/** Of the file system that images are on. */
export const SIZE = perNode(promql`${images.size}{${NODE}}`);
export const AVAILABLE = perNode(promql`${images.available}{${NODE}}`);
export const IN_USE = promql`1 - ${AVAILABLE} / ${SIZE}`;

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
    { expr: promql`${IMAGE_GC_HIGH.record}{${NODE}}`, legend: 'images deleted from here', limit: true },
    { expr: promql`${IMAGE_GC_LOW.record}{${NODE}}`, legend: 'down to here', limit: true },
    {
      expr: promql`1 - ${IMAGE_FILESYSTEM_EVICTION}{${NODE}} / ${SIZE}`,
      legend: 'pods evicted from here',
      limit: true,
    },
  ],
};

export const wantedAndUnused: Graph = {
  kind: 'graph',
  title: 'What garbage collection wants, and can get',
  description:
    'Bytes that the kubelet would want to free, against those of images that no pod uses. Healthy is 0 wanted; in story 001 ' +
    '8.1 GB were wanted and nothing was to be had, because running containers owned the disk.',
  story: 'disk-pressure-loop',
  unit: 'bytes',
  noData: 'Nothing is known of images here',
  width: 12,
  queries: [
    { expr: perNode(promql`${images.wanted}{${NODE}}`), legend: 'wanted' },
    { expr: perNode(promql`${unused}{${NODE}}`), legend: 'in images that no pod uses' },
  ],
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
  description: 'Disk space of logs, rotated ones included; the ten largest of the time range.',
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
  description:
    'What containers wrote outside their volumes; the ten largest of the time range. Healthy are some MB; in story 001 one ' +
    'had 5.0 GB, and more with each line that it logged to a file.',
  story: 'disk-pressure-loop',
  unit: 'bytes',
  noData: 'No writable layer is known',
  width: 12,
  height: 9,
  queries: [
    {
      expr: withOwner(promql`
        ${LAYER}
        and
        topk(10, ${perNode(promql`max_over_time(${layers.bytes}{${NODE}}[$__range] @ end())`, ...OWNER_LABELS)})`),
      legend: '{{owner}}',
    },
  ],
  ranked: true,
};
