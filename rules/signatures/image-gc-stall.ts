import * as imageFilesystem from '../../exporter/node/collectors/image-filesystem.ts';
import { promql } from '../promql.ts';
import { CONTAINER_DISK } from '../series/disk-owners.ts';
import { DAEMON_LONGEST_BLOCK, HEARTBEAT_AGE, heartbeatLate } from '../series/heartbeats.ts';
import { availableIn, usedShare } from '../series/image-space.ts';
import { IMAGE_GC_HIGH } from '../series/kubelet-thresholds.ts';
import { defineSignature } from '../signature.ts';

/** Share of the image filesystem in use. */
export const IMAGE_FILESYSTEM_USED = 'node:foreshock_image_filesystem_used:ratio';

export const imageGcStall = defineSignature({
  id: 'image-gc-stall',
  title: 'Image garbage collection keeps the disk so busy that the node is lost',
  story:
    'Story 000: at 90 % of a disk of 60 GB the kubelet freed 5,766,938,624 B, 8 images in 5 min; the node was Unknown and all its pods had moved when it woke up.',
  thresholds: {
    margin_below_gc: {
      default: 0.05,
      unit: 'ratio',
      help: 'How far below the threshold of image garbage collection the use of the disk matters, as a share of the disk.',
    },
    seconds_to_gc: {
      default: 14_400,
      unit: 'seconds',
      help: 'How long ahead image garbage collection is foretold; the disk of a healthy node does not grow for an hour on end.',
    },
    freed_bytes: {
      default: 1e8,
      unit: 'bytes',
      help: 'What was freed within ten minutes, so that collection is at work; in the story 5.8 GB in five.',
    },
    heartbeat_age_per_lease_duration: {
      default: 0.6,
      unit: 'ratio',
      help: 'Seconds without a heartbeat meanwhile as a share of the lease duration (40 s); healthy is a quarter, in the story five minutes.',
    },
    longest_block_seconds: {
      default: 10,
      unit: 'seconds',
      help: 'How long a thread of the kubelet hangs in the kernel meanwhile; healthy below 1 s, in story 004 10 s.',
    },
  },

  rules(context) {
    const { perNode, nodeLabels, selectors, texts, thresholds } = context;
    const { available, size, wanted, images } = imageFilesystem;
    const grower = texts.lookup(
      (node) => `topk(1, delta(${CONTAINER_DISK}{${node}}[1h]) > 1e8)`,
      `In the last hour ${texts.owner('.Labels')} grew most of its containers, by {{ .Value | humanize1024 }}B. ` +
        `Next: \`${texts.execCommand('du -xhd1 /', '.Labels')}\` and its log show in what.`,
      'No container wrote much in the last hour, so images or files of the host grow. ' +
        'Next: `du -xhd1 /var/lib /var/log` on the node.',
    );
    const late = texts.lookup(
      (node) => `max_over_time(${HEARTBEAT_AGE}{${node}}[5m]) > 15`,
      'and was not heard of for {{ .Value | humanizeDuration }}',
      'and hangs in the kernel meanwhile',
    );
    return {
      records: [{ record: IMAGE_FILESYSTEM_USED, expr: usedShare(context) }],
      alerts: [
        {
          name: 'ForeshockImageGCImminent',
          severity: 'warning',
          // A threshold of 1 switches the collection off.
          expr: promql`
            ${IMAGE_FILESYSTEM_USED} > on (${nodeLabels}) (${IMAGE_GC_HIGH.record} < 1) - ${thresholds.margin_below_gc}
            and on (${nodeLabels})
            ${availableIn(thresholds.seconds_to_gc, context)}
            < on (${nodeLabels})
            (1 - ${IMAGE_GC_HIGH.record}) * on (${nodeLabels}) ${perNode(promql`${size}`)}
            and
            ${IMAGE_FILESYSTEM_USED} < on (${nodeLabels}) ${IMAGE_GC_HIGH.record}`,
          for: '15m',
          lead: 'Hours: as long as the rest of the disk lasts at the pace of the last hour, at most four.',
          summary: 'The kubelet will soon delete images to make space.',
          description:
            `The disk for images of ${texts.node} is {{ $value | humanizePercentage }} full and keeps growing; ` +
            texts.lookup(
              (node) => `${IMAGE_GC_HIGH.record}{${node}}`,
              'within four hours, at {{ .Value | humanizePercentage }}, the kubelet deletes images, ',
            ) +
            `during which nodes have been lost. ${grower}`,
          dashboard: 'foreshock-container-disk',
          symptom: 'disk_full',
        },
        {
          name: 'ForeshockImageGCStall',
          severity: 'critical',
          // What the kubelet wants is 0 again once it is below its threshold, while it goes on down to the lower one. The
          // guards are those of ForeshockKubeletHeartbeatLate: a host that is off, and a cluster role that hears nothing.
          expr: promql`
            ${perNode(promql`max_over_time(${wanted}[10m])`)} > 0
            and on (${nodeLabels})
            (
              ${perNode(promql`${available} - min_over_time(${available}[10m])`)} > ${thresholds.freed_bytes}
              or
              ${perNode(promql`max_over_time(${images}[10m]) - ${images}`)} > 0
            )
            and on (${nodeLabels})
            (
              ${heartbeatLate(thresholds.heartbeat_age_per_lease_duration, context)}
              or
              ${DAEMON_LONGEST_BLOCK}{daemon="kubelet"} > ${thresholds.longest_block_seconds}
            )
            unless on (${nodeLabels})
            ${perNode(`min_over_time(up{${selectors.foreshock}}[6m])`)} == 0`,
          // Longer than ForeshockKubeletHeartbeatLate, which it mutes.
          keepFiringFor: '20m',
          lead: 'None to spare: it fires with the first image and 24 s without a heartbeat, and the node is given up after 40 s. ForeshockImageGCImminent comes hours before.',
          summary: 'The kubelet deletes images and is late meanwhile.',
          description:
            `The kubelet of ${texts.node} deletes images, {{ $value | humanize1024 }}B of them, ${late}; after 40 s the node is given up and ` +
            'its pods are moved. Next: restart nothing, it comes back when the images are gone; ' +
            '`kubectl get pods -A --field-selector spec.nodeName={{ $labels.node }}` shows what has to come back.',
          dashboard: 'foreshock-kubelet-api',
          explains: ['kubelet_slow', 'disk_slow', 'node_silent'],
        },
      ],
    };
  },
});
