import * as imageFilesystem from '../../exporter/node/collectors/image-filesystem.ts';
import { duration, percent } from '../format.ts';
import { command, ofAlert, ofSeries } from '../labels.ts';
import { promql } from '../promql.ts';
import { CONTAINER_DISK } from '../series/disk-owners.ts';
import { DAEMON_LONGEST_BLOCK, HEARTBEAT_AGE, heartbeatLate } from '../series/heartbeats.ts';
import { availableIn, usedShare } from '../series/image-space.ts';
import { IMAGE_GC_HIGH, ifAssumed, LEASE_DURATION } from '../series/kubelet-thresholds.ts';
import { defineSignature } from '../signature.ts';

/** Share of the image filesystem in use. */
export const IMAGE_FILESYSTEM_USED = 'node:foreshock_image_filesystem_used:ratio';

/** The time in which image garbage collection shows that it runs. */
const RUN_WINDOW = '10m';

/** The time in which the container that grew most is looked for. */
const GROWTH_WINDOW = '1h';

export const imageGcStall = defineSignature({
  id: 'image-gc-stall',
  title: 'Image garbage collection saturates the disk, and the node is lost',
  story:
    'Story 000: at 90 % of a disk of 60 GB the kubelet deleted 8 images (5,766,938,624 B) in 5 min. The node went Unknown, ' +
    'and all its pods had been moved away when it recovered.',
  thresholds: {
    margin_below_gc: {
      default: 0.05,
      unit: 'ratio',
      help: "How far below the kubelet's image GC threshold disk usage starts to matter, as a share of the disk.",
    },
    seconds_to_gc: {
      default: 14_400,
      unit: 'seconds',
      help: 'How far ahead image garbage collection is predicted. Healthy: the disk does not grow for an hour on end.',
    },
    freed_bytes: {
      default: 1e8,
      unit: 'bytes',
      help: `Bytes freed within ${duration(RUN_WINDOW)} from which on image garbage collection counts as running. Story 000: 5.8 GB in 5 min.`,
    },
    heartbeat_age_per_lease_duration: {
      default: 0.6,
      unit: 'ratio',
      help: 'Time without a heartbeat during garbage collection, as a share of the lease duration. Healthy: 0.25. Story 000: 5 min.',
    },
    longest_block_seconds: {
      default: 10,
      unit: 'seconds',
      help: 'Longest time that a kubelet thread is blocked in the kernel during garbage collection. Healthy: below 1 s. Story 004: 10 s.',
    },
  },

  rules(context) {
    const { perNode, nodeLabels, selectors, texts, thresholds } = context;
    const { available, size, wanted, images } = imageFilesystem;
    const lateShare = thresholds.heartbeat_age_per_lease_duration;
    const grower = texts.lookup(
      (node) => `topk(1, delta(${CONTAINER_DISK}{${node}}[${GROWTH_WINDOW}]) > 1e8)`,
      `Container ${texts.owner(ofSeries)} grew most in the last ${duration(GROWTH_WINDOW)}, by {{ .Value | humanize1024 }}B ` +
        'of writable layer and logs. ' +
        `Next: ${texts.rootUsageCommand(ofSeries)} shows the directories.`,
      `No container grew much in the last ${duration(GROWTH_WINDOW)}, so images or files of the host do. ` +
        'Next: `du -xhd1 /var/lib /var/log` on the node shows the directories.',
    );
    const late = texts.lookup(
      (node) =>
        `max_over_time(${HEARTBEAT_AGE}{${node}}[5m]) > on (${nodeLabels}) ${lateShare} * ${LEASE_DURATION.record}{${node}}`,
      'and sent no heartbeat for {{ .Value | humanizeDuration }}',
      'and one of its threads is blocked in the kernel',
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
          lead: `At most ${duration(thresholds.seconds_to_gc)}, at the rate at which the disk filled up in the last hour.`,
          summary: 'The kubelet will soon delete images to free disk space.',
          description:
            `The image filesystem of ${texts.node} is {{ $value | humanizePercentage }} full and growing. ` +
            texts.lookup(
              (node) => `${IMAGE_GC_HIGH.record}{${node}}`,
              `Within ${duration(thresholds.seconds_to_gc)} it reaches {{ .Value | humanizePercentage }}${ifAssumed(texts, 'imageGCHighThresholdPercent')}, and the kubelet starts ` +
                'to delete images; nodes have been lost meanwhile. ',
            ) +
            grower,
          dashboard: 'foreshock-container-disk',
          symptom: 'disk_full',
        },
        {
          name: 'ForeshockImageGCStall',
          severity: 'critical',
          // What the kubelet wants is 0 again once it is below its threshold, while it goes on down to the lower one. The
          // guards are those of ForeshockKubeletHeartbeatLate: a host that is off, and a cluster role without a watch.
          expr: promql`
            ${perNode(promql`max_over_time(${wanted}[${RUN_WINDOW}])`)} > 0
            and on (${nodeLabels})
            (
              ${perNode(promql`${available} - min_over_time(${available}[${RUN_WINDOW}])`)} > ${thresholds.freed_bytes}
              or
              ${perNode(promql`max_over_time(${images}[${RUN_WINDOW}]) - ${images}`)} > 0
            )
            and on (${nodeLabels})
            (
              ${heartbeatLate(lateShare, context)}
              or
              ${DAEMON_LONGEST_BLOCK}{daemon="kubelet"} > ${thresholds.longest_block_seconds}
            )
            unless on (${nodeLabels})
            ${perNode(`min_over_time(up{${selectors.foreshock}}[6m])`)} == 0`,
          // Longer than ForeshockKubeletHeartbeatLate, which it inhibits.
          keepFiringFor: '20m',
          lead:
            `None to spare: it fires when images are deleted and no heartbeat has come for ${percent(lateShare)} of the lease ` +
            `duration; after ${texts.gracePeriod} without one the node turns Unknown. ForeshockImageGCImminent is the early warning.`,
          summary: 'Kubelet heartbeats are late while it deletes images.',
          description:
            `The kubelet of ${texts.node} is deleting images to free {{ $value | humanize1024 }}B, ${late}. ` +
            `After ${texts.gracePeriod} without a heartbeat the node turns Unknown, and its pods are evicted after that. ` +
            'Do not restart anything: the kubelet recovers when the images are deleted. ' +
            `Next: ${command`kubectl get pods -A --field-selector spec.nodeName=${ofAlert('node')}`} shows which pods are at risk.`,
          dashboard: 'foreshock-kubelet-api',
          explains: ['kubelet_slow', 'disk_slow', 'node_silent'],
        },
      ],
    };
  },
});
