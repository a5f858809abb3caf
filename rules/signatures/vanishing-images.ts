import * as events from '../../exporter/cluster/watchers/events.ts';
import * as clusterImages from '../../exporter/cluster/watchers/images.ts';
import * as imageFilesystem from '../../exporter/node/collectors/image-filesystem.ts';
import { duration, type PrometheusDuration } from '../format.ts';
import { command, ofAlert } from '../labels.ts';
import { promql } from '../promql.ts';
import { usedShare } from '../series/image-space.ts';
import { IMAGE_GC_HIGH, ifAssumed } from '../series/kubelet-thresholds.ts';
import { defineSignature } from '../signature.ts';

/** Images that exist on the node only. */
export const LOCAL_ONLY_IMAGES = `node:${imageFilesystem.localOnly.name}:max`;

/** Bytes of images that exist on the node only. */
export const LOCAL_ONLY_BYTES = `node:${imageFilesystem.localOnlyBytes.name}:max`;

/** The time in which failed pulls and sandboxes are counted. */
const FAILURE_WINDOW = '10m';

/** How long a deleted image explains failed pulls. */
const REMOVAL_WINDOW = '2h';

export const vanishingImages = defineSignature({
  id: 'vanishing-images',
  title: 'Garbage collection deletes images that exist nowhere else',
  story:
    'Story 003: on a /var of 7.0 GB garbage collection deleted images that had been built on the node and never pushed (wanted ' +
    '311,382,016 B, freed 573,253,440 B). ErrImagePull followed 43 times.',
  thresholds: {
    room_above_gc_bytes: {
      default: 2e9,
      unit: 'bytes',
      help: 'Space between the image GC threshold and a full disk, for about two images. Healthy: 9 GB of 60 GB. Story 003: 1.1 GB.',
    },
    margin_below_gc: {
      default: 0.1,
      unit: 'ratio',
      help: 'How far below the image GC threshold local-only images are at risk, as a share of the disk. Story 003: 0.7 GB, one build.',
    },
    sandbox_failures: {
      default: 3,
      unit: 'count',
      help: `How often a pod failed within ${duration(FAILURE_WINDOW)} because the sandbox image was missing. Once may be a hiccup of the registry; a missing image fails every 15 s.`,
    },
  },

  rules(context) {
    const { perNode, nodeLabels, texts, thresholds } = context;
    const { localOnly, localOnlyBytes, size, wanted } = imageFilesystem;
    const high = promql`(${IMAGE_GC_HIGH.record} < 1)`;
    const increase = (metric: string, range: PrometheusDuration) => perNode(`increase(${metric}[${range}])`);
    const removedWithin = (range: PrometheusDuration) =>
      promql`round(${increase(promql`${clusterImages.removed}{local_only="true"}`, range)}) > 0`;
    const bytes = texts.lookup((node) => `${LOCAL_ONLY_BYTES}{${node}}`, ' ({{ .Value | humanize1024 }}B)');
    const node = ofAlert('node');
    const assumed = ifAssumed(texts, 'imageGCHighThresholdPercent');
    const list = command`kubectl get node ${node} -o json | jq -c '.status.images[].names | select(any(.[]?; contains("@")) | not)'`;
    const waiting = command`kubectl get pods -A --field-selector spec.nodeName=${node} | grep -E 'ImagePull|ErrImage'`;
    return {
      records: [
        { record: LOCAL_ONLY_IMAGES, expr: perNode(promql`${localOnly}`) },
        { record: LOCAL_ONLY_BYTES, expr: perNode(promql`${localOnlyBytes}`) },
      ],
      alerts: [
        {
          name: 'ForeshockImageFilesystemTooSmall',
          severity: 'warning',
          expr: promql`
            ${perNode(promql`${size}`)} * on (${nodeLabels}) (1 - ${high}) < ${thresholds.room_above_gc_bytes}
            and on (${nodeLabels})
            (
              ${LOCAL_ONLY_IMAGES} > 0
              or
              ${perNode(promql`max_over_time(${wanted}[1d:5m])`)} > 0
            )`,
          for: '1h',
          lead: 'Days: the disk is too small from the start, so it fires before the first build that fills it.',
          summary: 'The image filesystem is so small that one pull or build makes the kubelet delete images.',
          description:
            `The image filesystem of ${texts.node} has {{ $value | humanize1024 }}B between the image GC threshold${assumed} and full: after ` +
            'one pull or build the kubelet may delete images that no pod uses at that moment. ' +
            'Next: `df -h /var/lib/docker /var/lib/containerd` on the node, then enlarge the filesystem.',
          dashboard: 'foreshock-container-disk',
        },
        {
          name: 'ForeshockLocalOnlyImagesAtRisk',
          severity: 'warning',
          expr: promql`
            ${LOCAL_ONLY_IMAGES} > 0
            and on (${nodeLabels})
            ${usedShare(context)} > on (${nodeLabels}) ${high} - ${thresholds.margin_below_gc}`,
          for: '1m',
          lead: 'Minutes during a build, days otherwise: in the story a single build was enough to start garbage collection.',
          summary: 'Images that are in no registry will be deleted when the disk gets a little fuller.',
          description:
            `Images on ${texts.node} that were built or imported there and have no registry digest: {{ $value }}${bytes}. ` +
            `Its image filesystem is close to the image GC threshold${assumed}, where the kubelet deletes images that no pod uses. ` +
            `Next: ${list} lists them; push or save them.`,
          dashboard: 'foreshock-container-disk',
        },
        {
          name: 'ForeshockLocalOnlyImagesRemoved',
          severity: 'warning',
          // Without a collection an operator deleted them.
          expr: promql`
            ${removedWithin('15m')}
            and on (${nodeLabels})
            (
              ${perNode(promql`max_over_time(${wanted}[1h])`)} > 0
              or
              ${increase(promql`${events.failures}`, '1h')} > 0
            )`,
          keepFiringFor: '30m',
          lead: 'Minutes: pods keep running until they are restarted, and then their image is missing.',
          summary: 'Garbage collection has deleted images that are in no registry.',
          description:
            `Deleted images of ${texts.node} that were built or imported there: {{ $value }}. Its kubelet deleted them to free disk ` +
            `space; they are in no registry, so pods that need them cannot start. Next: build or import them again; ${waiting} ` +
            'shows the pods that wait.',
          dashboard: 'foreshock-container-disk',
          explains: ['image_missing'],
        },
        {
          name: 'ForeshockImagePullsFailAfterGC',
          severity: 'warning',
          expr: promql`
            sum by (${nodeLabels}) (
              round(${perNode(promql`increase(${events.occurrences}{reason=~"FailedToPullImage|ImagePullBackOff|ErrImageNeverPull"}[${FAILURE_WINDOW}])`, 'reason')})
            ) > 0
            and on (${nodeLabels})
            ${removedWithin(REMOVAL_WINDOW)}`,
          for: '1m',
          keepFiringFor: '15m',
          lead: 'None: the pods are down. The alert gives the cause, which their events lack.',
          summary: 'Image pulls fail after images were deleted that are in no registry.',
          description:
            `On ${texts.node} image pulls failed or backed off ${texts.times} in ${duration(FAILURE_WINDOW)}, and in the last ` +
            `${duration(REMOVAL_WINDOW)} images were deleted that are in no registry. Next: ${waiting} shows the pods; build or ` +
            'import their images again.',
          dashboard: 'foreshock-container-disk',
          symptom: 'image_missing',
        },
        {
          name: 'ForeshockSandboxImageMissing',
          severity: 'critical',
          expr: promql`
            round(${increase(promql`${events.occurrences}{reason="SandboxImageMissing"}`, FAILURE_WINDOW)}) >= ${thresholds.sandbox_failures}`,
          keepFiringFor: '15m',
          lead: 'None for pods that start now; running pods go on until their sandbox is recreated.',
          summary: 'No pod can start on a node, because the sandbox image (pause) is missing.',
          description:
            `On ${texts.node} pods failed to start ${texts.times} in ${duration(FAILURE_WINDOW)}, because the sandbox image (pause) is ` +
            `missing and cannot be pulled: no new pod can start there. Next: ${command`kubectl cordon ${node}`}, then on the node ` +
            '`journalctl -u kubelet -u containerd -u docker --since -10min | grep -i sandbox` names the image; import or pull it.',
          dashboard: 'foreshock-node',
          explains: ['image_missing', 'pods_late'],
        },
      ],
    };
  },
});
