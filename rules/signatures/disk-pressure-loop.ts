import * as events from '../../exporter/cluster/watchers/events.ts';
import { unused } from '../../exporter/cluster/watchers/images.ts';
import type { Metric } from '../../exporter/exposition/metric.ts';
import { available, size, wanted } from '../../exporter/node/collectors/image-filesystem.ts';
import { promql } from '../promql.ts';
import { turnsTo } from '../series/condition-turns.ts';
import { DIRECTORY_BYTES, diskOwners, LAYER_BYTES, largestDiskOwner } from '../series/disk-owners.ts';
import { availableIn } from '../series/image-space.ts';
import { IMAGE_FILESYSTEM_EVICTION } from '../series/kubelet-thresholds.ts';
import { defineSignature } from '../signature.ts';

/** The most that image garbage collection can free. */
export const UNUSED_IMAGES = `node:${unused.name}:max`;

/** What the last collection that failed within six hours wanted; where the kubelet does not tell, what it wants now. */
export const GC_WANTED = 'node:foreshock_image_gc_wanted_bytes:last';

/** What the same collection freed. */
export const GC_FREED = `node:${events.lastFreed.name}:max`;

export const diskPressureLoop = defineSignature({
  id: 'disk-pressure-loop',
  title: 'Image garbage collection finds nothing to free, because running containers own the disk',
  story:
    'Story 001: 8,094,471,782 B wanted, 0 freed; DiskPressure 233 times in 11 days; one writable layer of 5.0 GB, of which 4.9 GB in /log, container logs of 12 GB.',
  thresholds: {
    writable_layer_bytes: {
      default: 2 ** 30,
      unit: 'bytes',
      help: 'Size of a writable layer that matters on any disk; healthy ones have some 20 MB, in the story 5 GB.',
    },
    writable_layer_per_filesystem: {
      default: 0.03,
      unit: 'ratio',
      help: 'The same as a share of the image filesystem; in the story 5 GB of perhaps 100 GB, and eight more that looked alike.',
    },
    seconds_to_eviction: {
      default: 3600,
      unit: 'seconds',
      help: 'How long ahead evictions are foretold; in the story the disk filled up once in 68 min.',
    },
    margin_above_eviction: {
      default: 0.05,
      unit: 'ratio',
      help: 'How close to the threshold of evictions is too close, as a share of it: at 15 % of the disk 0.75 % more.',
    },
    disk_pressures: {
      default: 3,
      unit: 'count',
      help: 'How often a node turns DiskPressure in six hours; healthy is never, in the story five times.',
    },
  },

  rules(context) {
    const { perNode, nodeLabels, texts, thresholds } = context;
    const left = perNode(promql`${available}`);
    const failed = (range: string) => perNode(promql`increase(${events.failures}[${range}])`);
    const ofLastFailure = (metric: Metric) => promql`
      ${perNode(promql`${metric}`)}
      and on (${nodeLabels})
      ${failed('6h')} > 0`;
    const owner = largestDiskOwner(texts);
    const freed = texts.lookup(
      (node) => `${GC_FREED}{${node}}`,
      'The last try freed {{ .Value | humanize1024 }}B. ',
      texts.lookup((node) => `${UNUSED_IMAGES}{${node}}`, 'No pod uses {{ .Value | humanize1024 }}B of images. '),
    );
    return {
      records: [
        ...diskOwners(context),
        { record: UNUSED_IMAGES, expr: perNode(promql`${unused}`) },
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
          summary: 'A container has written much into its own layer.',
          description:
            `Container ${texts.owner()} on ${texts.node} has {{ $value | humanize1024 }}B in its writable layer, which only its end frees. ` +
            texts.lookup(
              (_, container) =>
                `bottomk(1, ${DIRECTORY_BYTES}{${container}} > scalar(${LAYER_BYTES}{${container}}) / 2)`,
              '{{ .Value | humanize1024 }}B of it is in {{ .Labels.directory }}. ' +
                `Next: \`${texts.execCommand('du -xhd1 {{ .Labels.directory }}')}\` shows the files.`,
              `Next: \`${texts.execCommand('du -xhd1 /')}\` shows where.`,
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
          lead: 'Minutes to hours: images are collected from 85 % on, and pods evicted when the rest is full too.',
          summary: 'The kubelet cannot free by deleting images what it wants to.',
          description:
            `The kubelet of ${texts.node} wants to free {{ $value | humanize1024 }}B of images and cannot: what fills the disk is in use. ` +
            freed +
            owner,
          dashboard: 'foreshock-container-disk',
          symptom: 'disk_full',
        },
        {
          name: 'ForeshockDiskPressureImminent',
          severity: 'warning',
          // Either so close that a collection, which comes every 5 min, did not help, or soon, and images are no help.
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
          lead: 'An hour where the disk fills at a steady pace, minutes where it comes in bursts.',
          summary: 'The kubelet will soon evict pods for want of disk.',
          description:
            `The disk for images of ${texts.node} has {{ $value | humanize1024 }}B left` +
            texts.lookup(
              (node) => `${IMAGE_FILESYSTEM_EVICTION}{${node}}`,
              '; below {{ .Value | humanize1024 }}B the node turns DiskPressure and pods are evicted',
            ) +
            `. ${owner}`,
          dashboard: 'foreshock-container-disk',
          symptom: 'disk_full',
        },
        {
          name: 'ForeshockDiskPressureLoop',
          severity: 'critical',
          // Two collections that did not free enough are proof where nobody hears the kubelet's events.
          expr: promql`
            (
              ${turnsTo('DiskPressure', 'True', '6h', context)}
            )
            >= ${thresholds.disk_pressures}
            and on (${nodeLabels})
            (
              ${failed('6h')} > 0
              or
              ${perNode(promql`min_over_time(${wanted}[10m])`)} > 0
            )`,
          keepFiringFor: '1h',
          lead: 'None for the pods that were evicted before; it ends a loop that went on for eleven days.',
          summary: 'A node turns DiskPressure again and again, and deleting images does not help.',
          description:
            `${texts.node} turned DiskPressure {{ $value }} times in six hours, for which pods are evicted, while its kubelet finds too few images to delete. ` +
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
