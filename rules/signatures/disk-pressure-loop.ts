import * as events from '../../exporter/cluster/watchers/events.ts';
import * as clusterImages from '../../exporter/cluster/watchers/images.ts';
import type { Metric } from '../../exporter/exposition/metric.ts';
import * as imageFilesystem from '../../exporter/node/collectors/image-filesystem.ts';
import { duration, type PrometheusDuration } from '../format.ts';
import { ofSeries, shown } from '../labels.ts';
import { promql } from '../promql.ts';
import { conditionTransitions } from '../series/condition-transitions.ts';
import { DIRECTORY_BYTES, diskOwners, LAYER_BYTES, largestDiskOwner } from '../series/disk-owners.ts';
import { availableIn } from '../series/image-space.ts';
import { IMAGE_FILESYSTEM_EVICTION, ifAssumed } from '../series/kubelet-thresholds.ts';
import { defineSignature } from '../signature.ts';

/** Bytes of unused images: the most that image garbage collection can free. */
export const UNUSED_IMAGES = `node:${clusterImages.unused.name}:max`;

/** Bytes that the last failed collection wanted to free; where the kubelet's events are unknown, those that it wants now. */
export const GC_WANTED = 'node:foreshock_image_gc_wanted_bytes:last';

/** Bytes that the same collection freed. */
export const GC_FREED = `node:${events.lastFreed.name}:max`;

/** The time in which a loop shows, and for which a failed collection counts. */
const LOOP_WINDOW = '6h';

export const diskPressureLoop = defineSignature({
  id: 'disk-pressure-loop',
  title: 'Image garbage collection frees nothing, because running containers fill the disk',
  story:
    'Story 001: garbage collection wanted 8,094,471,782 B and freed 0; DiskPressure set in 233 times in 11 days. One writable ' +
    'layer held 5.0 GB, 4.9 GB of it in /log; container logs held 12 GB.',
  thresholds: {
    writable_layer_bytes: {
      default: 2 ** 30,
      unit: 'bytes',
      help: 'Size of a large writable layer. Healthy: about 20 MB. Story 001: 5 GB.',
    },
    writable_layer_per_filesystem: {
      default: 0.03,
      unit: 'ratio',
      help:
        'Size of a large writable layer as a share of the image filesystem; both limits must be exceeded. Story 001: 5 GB of ' +
        'about 100 GB, and eight more of that size.',
    },
    seconds_to_eviction: {
      default: 3600,
      unit: 'seconds',
      help: 'How far ahead evictions are predicted. Story 001: the disk once filled up in 68 min.',
    },
    margin_above_eviction: {
      default: 0.05,
      unit: 'ratio',
      help: 'How close to the eviction threshold is too close, as a share of that threshold.',
    },
    disk_pressures: {
      default: 3,
      unit: 'count',
      help: `How often DiskPressure sets in within ${duration(LOOP_WINDOW)}. Healthy: never. Story 001: five times.`,
    },
  },

  rules(context) {
    const { perNode, nodeLabels, texts, thresholds } = context;
    const { available, size, wanted } = imageFilesystem;
    const left = perNode(promql`${available}`);
    const failed = (range: PrometheusDuration) => perNode(promql`increase(${events.failures}[${range}])`);
    const ofLastFailure = (metric: Metric) => promql`
      ${perNode(promql`${metric}`)}
      and on (${nodeLabels})
      ${failed(LOOP_WINDOW)} > 0`;
    const owner = largestDiskOwner(texts);
    const freed = texts.lookup(
      (node) => `${GC_FREED}{${node}}`,
      'The last attempt freed {{ .Value | humanize1024 }}B. ',
      texts.lookup((node) => `${UNUSED_IMAGES}{${node}}`, 'Unused images take only {{ .Value | humanize1024 }}B. '),
    );
    return {
      records: [
        ...diskOwners(context),
        { record: UNUSED_IMAGES, expr: perNode(promql`${clusterImages.unused}`) },
        {
          record: GC_WANTED,
          expr: promql`
            ${ofLastFailure(events.lastWanted)}
            or on (${nodeLabels})
            ${perNode(promql`max_over_time(${wanted}[15m])`)}`,
        },
        { record: GC_FREED, expr: ofLastFailure(events.lastFreed) },
      ],
      alerts: [
        {
          name: 'ForeshockContainerWritableLayerLarge',
          severity: 'warning',
          expr: promql`
            ${LAYER_BYTES} > ${thresholds.writable_layer_bytes}
            > on (${nodeLabels}) group_left ()
            ${thresholds.writable_layer_per_filesystem} * ${perNode(promql`${size}`)}`,
          for: '30m',
          lead: 'Days: in the story the layer grew by half a gigabyte a day.',
          summary: 'A container has a large writable layer.',
          description:
            `Container ${texts.owner()} on ${texts.node} has {{ $value | humanize1024 }}B in its writable layer, which is freed ` +
            'only when the container is removed. ' +
            texts.lookup(
              (_, container) =>
                `bottomk(1, ${DIRECTORY_BYTES}{${container}} > scalar(${LAYER_BYTES}{${container}}) / 2)`,
              `{{ .Value | humanize1024 }}B of it is in ${shown(ofSeries('directory'))}. ` +
                `Next: ${texts.directoryUsageCommand()} shows the files.`,
              `Next: ${texts.rootUsageCommand()} shows the directories.`,
            ),
          dashboard: 'foreshock-container-disk',
          symptom: 'disk_full',
        },
        {
          name: 'ForeshockImageGCCannotFree',
          severity: 'warning',
          expr: promql`
            ${perNode(promql`${wanted}`)} > on (${nodeLabels}) ${UNUSED_IMAGES}
            or on (${nodeLabels})
            (
              ${GC_WANTED} > on (${nodeLabels}) ${GC_FREED}
              and on (${nodeLabels})
              ${failed('15m')} > 0
            )`,
          for: '5m',
          lead: 'Minutes to hours: the disk still has to fill from the image GC threshold to the eviction threshold.',
          summary: 'Image garbage collection cannot free enough space.',
          description:
            `The kubelet of ${texts.node} wants to free {{ $value | humanize1024 }}B of images but cannot, because what fills the ` +
            `disk is in use. ${freed}${owner}`,
          dashboard: 'foreshock-container-disk',
          symptom: 'disk_full',
        },
        {
          name: 'ForeshockDiskPressureImminent',
          severity: 'warning',
          // Either so close that a collection, which comes every 5 min, did not help, or soon, and images cannot help.
          expr: promql`
            ${left} < on (${nodeLabels}) ${1 + thresholds.margin_above_eviction} * ${IMAGE_FILESYSTEM_EVICTION}
            or on (${nodeLabels})
            (
              ${left}
              and on (${nodeLabels})
              ${availableIn(thresholds.seconds_to_eviction, context)} + on (${nodeLabels}) ${UNUSED_IMAGES}
              < on (${nodeLabels})
              ${IMAGE_FILESYSTEM_EVICTION}
            )`,
          for: '5m',
          // In a loop it would come and go once an hour.
          keepFiringFor: '30m',
          lead: `At most ${duration(thresholds.seconds_to_eviction)} while the disk fills steadily, minutes when it fills in bursts.`,
          summary: 'The kubelet will soon evict pods because the disk is nearly full.',
          description:
            `The image filesystem of ${texts.node} has {{ $value | humanize1024 }}B left` +
            texts.lookup(
              (node) => `${IMAGE_FILESYSTEM_EVICTION}{${node}}`,
              `; below {{ .Value | humanize1024 }}B${ifAssumed(texts, 'evictionHard')} the node reports DiskPressure and evicts pods`,
            ) +
            `. ${owner}`,
          dashboard: 'foreshock-container-disk',
          symptom: 'disk_full',
        },
        {
          name: 'ForeshockDiskPressureLoop',
          severity: 'critical',
          // Two collections that did not free enough are proof where the kubelet's events are unknown.
          expr: promql`
            (
              ${conditionTransitions('DiskPressure', 'True', LOOP_WINDOW, context)}
            )
            >= ${thresholds.disk_pressures}
            and on (${nodeLabels})
            (
              ${failed(LOOP_WINDOW)} > 0
              or
              ${perNode(promql`min_over_time(${wanted}[10m])`)} > 0
            )`,
          keepFiringFor: '1h',
          lead: 'None for the pods that were evicted already; in the story the loop went on for eleven days.',
          summary: 'DiskPressure keeps coming back, and deleting images does not help.',
          description:
            `${texts.node} reported DiskPressure ${texts.times} in ${duration(LOOP_WINDOW)} and evicted pods each time, while its ` +
            'kubelet found too few images to delete. ' +
            texts.lookup((node) => `${GC_WANTED}{${node}} > 0`, 'It wanted to free {{ .Value | humanize1024 }}B. ') +
            freed +
            owner,
          dashboard: 'foreshock-container-disk',
          explains: ['disk_full'],
        },
      ],
    };
  },
});
