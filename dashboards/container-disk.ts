import * as logs from '../exporter/node/collectors/container-logs.ts';
import * as images from '../exporter/node/collectors/image-filesystem.ts';
import * as layers from '../exporter/node/collectors/writable-layers.ts';
import { OWNER_LABELS } from '../exporter/node/containers/container.ts';
import { promql } from '../rules/promql.ts';
import { CONTAINER_DISK, DIRECTORY_BYTES, LAYER_BYTES, LOG_BYTES } from '../rules/series/disk-owners.ts';
import { IMAGE_FILESYSTEM_EVICTION, IMAGE_GC_HIGH } from '../rules/series/kubelet-thresholds.ts';
import { LOG_RATE } from '../rules/signatures/log-storm.ts';
import type { Source } from './dashboard.ts';
import { NODE, perNode, withOwner } from './expressions.ts';
import {
  AVAILABLE,
  IN_USE,
  imageFilesystem,
  layerSize,
  logGrowth,
  logSize,
  SIZE,
  wantedAndUnused,
} from './panels/disk.ts';

const perOwner = (expr: string) => perNode(expr, ...OWNER_LABELS);

const LAYER_GROWTH = promql`deriv(${LAYER_BYTES}{${NODE}}[1h])`;
const LIMIT = perOwner(promql`${logs.limit}{${NODE}}`);
const FILLING = promql`(-${perNode(promql`deriv(${images.available}{${NODE}}[30m])`)} > 0)`;

/** Bytes to go until the kubelet deletes images. */
const UNTIL_GC = promql`
  clamp_min(
    ${AVAILABLE} - (1 - ${IMAGE_GC_HIGH.record}{${NODE}}) * ${SIZE},
    0
  )`;

const NO_CONTAINERS = 'No container has this here';

export const containerDisk: Source = {
  uid: 'foreshock-container-disk',
  title: 'Foreshock / Container disk',
  description:
    'Which container fills the disk of a node: by its log or by its writable layer, how fast, what bounds it, and how long the node has left.',
  of: 'node',
  from: 'now-6h',
  rows: [
    {
      title: 'How full is the disk?',
      panels: [
        {
          kind: 'figure',
          title: 'Image file system in use',
          description:
            'Of the file system with images, writable layers and mostly logs. Healthy is below 80 %; at 85 % the kubelet deletes images, at the eviction threshold it kills pods.',
          story: 'disk-pressure-loop',
          unit: 'ratio',
          noData: 'Image file system unknown',
          width: 4,
          query: { expr: IN_USE, legend: 'in use' },
          from: { value: 0.8, color: 'orange' },
        },
        {
          kind: 'figure',
          title: 'Images are deleted in',
          description:
            'Time until the image file system reaches the threshold at which the kubelet deletes images, at the rate of the last half hour. Healthy is never, or weeks; in story 001 0, and nothing was left to delete.',
          story: 'disk-pressure-loop',
          unit: 'seconds',
          noData: 'Disk does not fill',
          width: 5,
          query: { expr: promql`${UNTIL_GC} / ${FILLING}`, legend: 'left' },
          lines: { warning: 'image-gc-stall.seconds_to_gc', below: true },
          alerts: ['ForeshockImageGCImminent'],
        },
        {
          kind: 'figure',
          title: 'Pods are evicted in',
          description:
            'Time until the image file system reaches imagefs.available of the hard eviction thresholds, at the rate of the last half hour. Healthy is never, or weeks; in story 001 an hour, again and again.',
          story: 'disk-pressure-loop',
          unit: 'seconds',
          noData: 'Disk does not fill',
          width: 5,
          query: {
            expr: promql`clamp_min(${AVAILABLE} - ${IMAGE_FILESYSTEM_EVICTION}{${NODE}}, 0) / ${FILLING}`,
            legend: 'left',
          },
          lines: { warning: 'disk-pressure-loop.seconds_to_eviction', below: true },
          alerts: ['ForeshockDiskPressureImminent'],
        },
        {
          kind: 'figure',
          title: 'All container logs',
          description: 'Disk space of all container logs, rotated ones included. Story 004: 12 GB of a single one.',
          story: 'log-storm',
          unit: 'bytes',
          noData: 'No container logs to files',
          width: 3,
          query: { expr: promql`sum(${LOG_BYTES}{${NODE}})`, legend: 'logs' },
        },
        {
          kind: 'figure',
          title: 'All writable layers',
          description: 'Disk space that containers take outside their volumes. Story 001: 5.0 GB of a single one.',
          story: 'disk-pressure-loop',
          unit: 'bytes',
          noData: 'No writable layer known',
          width: 3,
          query: { expr: promql`sum(${LAYER_BYTES}{${NODE}})`, legend: 'layers' },
        },
        {
          kind: 'figure',
          title: 'Logs without a limit',
          description: 'Containers whose log nothing bounds; the table below names them. Healthy is 0.',
          story: 'log-storm',
          unit: 'count',
          noData: 'No limit known',
          width: 4,
          query: { expr: promql`sum(${LIMIT} == bool Inf)`, legend: 'unbounded' },
          from: { value: 1, color: 'orange' },
          alerts: ['ForeshockContainerLogUnbounded'],
        },
        imageFilesystem,
        wantedAndUnused,
      ],
    },
    {
      title: 'Who fills it?',
      panels: [
        {
          kind: 'table',
          title: 'Containers by disk space',
          description:
            'Logs and writable layers, largest first, their growth (of layers over the last hour), the age of what is known of the layer, and how long the node has until the kubelet deletes images if only this log goes on as now. Healthy are some 100 MB, and a limit on each log; in story 001 nine containers had 6 to 12 GB.',
          story: 'log-storm',
          unit: 'bytes',
          noData: NO_CONTAINERS,
          width: 24,
          height: 10,
          labels: { namespace: 'Namespace', pod: 'Pod', container: 'Container' },
          columns: [
            { title: 'Disk', expr: promql`${CONTAINER_DISK}{${NODE}}` },
            { title: 'Log', expr: promql`${LOG_BYTES}{${NODE}}` },
            {
              title: 'Log rate',
              expr: promql`${LOG_RATE}{${NODE}}`,
              unit: 'bytes/second',
              lines: { critical: 'log-storm.log_bytes_per_second' },
            },
            { title: 'Log limit', expr: LIMIT, infinite: 'none' },
            {
              title: 'Writable layer',
              expr: promql`${LAYER_BYTES}{${NODE}}`,
              lines: { warning: 'disk-pressure-loop.writable_layer_bytes' },
            },
            { title: 'Layer growth', expr: LAYER_GROWTH, unit: 'bytes/second' },
            {
              title: 'Layer walked before',
              expr: promql`time() - ${perOwner(promql`${layers.scanTimestamp}{${NODE}}`)}`,
              unit: 'seconds',
            },
            {
              title: 'GC threshold in',
              expr: promql`
                ${UNTIL_GC}
                / on (cluster, node) group_right ()
                (${LOG_RATE}{${NODE}} > 1000)`,
              unit: 'seconds',
            },
          ],
          sortBy: 'Disk',
        },
      ],
    },
    {
      title: 'Logs',
      panels: [logGrowth, logSize],
    },
    {
      title: 'Writable layers',
      panels: [
        layerSize,
        {
          kind: 'table',
          title: 'Largest directories',
          description:
            'Of large writable layers, by their path in the container; one may contain another. Story 001: 4.9 of 5.0 GB in /log.',
          story: 'disk-pressure-loop',
          unit: 'bytes',
          noData: 'No writable layer is large',
          width: 12,
          height: 9,
          labels: { namespace: 'Namespace', pod: 'Pod', container: 'Container', directory: 'Directory' },
          columns: [
            {
              title: 'Size',
              expr: promql`topk(30, ${DIRECTORY_BYTES}{${NODE}})`,
            },
          ],
          sortBy: 'Size',
        },
        {
          kind: 'graph',
          title: 'Writable layer growth',
          description: 'Over the last hour, the ten fastest of each moment. Healthy is near 0.',
          story: 'disk-pressure-loop',
          unit: 'bytes/second',
          noData: 'No writable layer known',
          width: 24,
          queries: [{ expr: withOwner(promql`topk(10, ${LAYER_GROWTH})`), legend: '{{owner}}' }],
          ranked: true,
        },
      ],
    },
  ],
};
