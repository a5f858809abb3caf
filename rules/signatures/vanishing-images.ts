import { failures, occurrences } from '../../exporter/cluster/watchers/events.ts';
import { removed } from '../../exporter/cluster/watchers/images.ts';
import { localOnly, localOnlyBytes, size, wanted } from '../../exporter/node/collectors/image-filesystem.ts';
import { promql } from '../promql.ts';
import { usedShare } from '../series/image-space.ts';
import { IMAGE_GC_HIGH } from '../series/kubelet-thresholds.ts';
import { defineSignature } from '../signature.ts';

/** Images that exist on the node only. */
export const LOCAL_ONLY_IMAGES = `node:${localOnly.name}:max`;

/** Their bytes. */
export const LOCAL_ONLY_BYTES = `node:${localOnlyBytes.name}:max`;

export const vanishingImages = defineSignature({
  id: 'vanishing-images',
  title: 'Garbage collection deletes images that exist nowhere else',
  story:
    'Story 003: a /var of 7.0 GB; images that were built on the node and never pushed were gone (wanted 311,382,016 B, freed 573,253,440 B); ErrImagePull 43 times.',
  thresholds: {
    room_above_gc_bytes: {
      default: 2e9,
      unit: 'bytes',
      help: 'From the threshold of image garbage collection to a full disk: two images or so; 9 GB of 60 GB, in the story 1.1 GB.',
    },
    margin_below_gc: {
      default: 0.1,
      unit: 'ratio',
      help: 'How far below that threshold local-only images are at risk, as a share of the disk; in the story 0.7 GB, one build.',
    },
    sandbox_failures: {
      default: 3,
      unit: 'count',
      help: 'How often in ten minutes a pod had no sandbox for want of its image; once is a registry that stumbled, a missing image fails every 15 s.',
    },
  },

  rules(context) {
    const { perNode, nodeLabels, texts, thresholds } = context;
    const high = promql`(${IMAGE_GC_HIGH.record} < 1)`;
    const increase = (metric: string, range: string) => perNode(`increase(${metric}[${range}])`);
    const removedWithin = (range: string) =>
      promql`round(${increase(promql`${removed}{local_only="true"}`, range)}) > 0`;
    const bytes = texts.lookup((node) => `${LOCAL_ONLY_BYTES}{${node}}`, ', {{ .Value | humanize1024 }}B');
    const list =
      '`kubectl get node {{ $labels.node }} -o json | jq -c \'.status.images[].names | select(any(.[]?; contains("@")) | not)\'`';
    const waiting =
      "`kubectl get pods -A --field-selector spec.nodeName={{ $labels.node }} | grep -E 'ImagePull|ErrImage'`";
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
          lead: 'Days: it is a property of the disk, told before the first build that fills it.',
          summary: 'The disk for images is so small that one pull or build makes the kubelet delete others.',
          description:
            `The disk for images of ${texts.node} has {{ $value | humanize1024 }}B between the threshold of image garbage collection and full: ` +
            'one pull or build, and the kubelet deletes images that no pod uses at that moment. ' +
            'Next: `df -h /var/lib/docker /var/lib/containerd` on the node, then give it more space.',
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
          lead: 'Minutes while something builds, days otherwise: in the story one build lay between this and the collection.',
          summary: 'Images that no registry has will be deleted when the disk gets a little fuller.',
          description:
            `Images of ${texts.node} that were built or imported there and have no digest of a registry: {{ $value }}${bytes}. ` +
            'Its disk for images is nearly full enough for the kubelet to delete those that no pod uses at that moment. ' +
            `Next: ${list} lists them; push or save them.`,
          dashboard: 'foreshock-container-disk',
        },
        {
          name: 'ForeshockLocalOnlyImagesRemoved',
          severity: 'warning',
          // Without a collection it was somebody who knew what they did.
          expr: promql`
            ${removedWithin('15m')}
            and on (${nodeLabels})
            (
              ${perNode(promql`max_over_time(${wanted}[1h])`)} > 0
              or
              ${increase(promql`${failures}`, '1h')} > 0
            )`,
          keepFiringFor: '30m',
          lead: 'Minutes: pods run on until they are started again; then they have no image.',
          summary: 'Image garbage collection has deleted images that no registry has.',
          description:
            `Images gone from ${texts.node} that were built or imported there: {{ $value }}. Its kubelet has deleted images to make space; no registry ` +
            `has these, and pods that need them cannot start. Next: build or import them again; ${waiting} shows who waits.`,
          dashboard: 'foreshock-container-disk',
          explains: ['image_missing'],
        },
        {
          name: 'ForeshockImagePullsFailAfterGC',
          severity: 'warning',
          expr: promql`
            sum by (${nodeLabels}) (
              round(${perNode(promql`increase(${occurrences}{reason=~"FailedToPullImage|ImagePullBackOff|ErrImageNeverPull"}[10m])`, 'reason')})
            ) > 0
            and on (${nodeLabels})
            ${removedWithin('2h')}`,
          for: '1m',
          keepFiringFor: '15m',
          lead: 'None: the pods are down. It says why, which their events do not.',
          summary: 'Pods cannot pull images, and images that no registry has were deleted just before.',
          description:
            `On ${texts.node} pulls failed or were put off {{ $value }} times in ten minutes, and within the last two hours images were deleted that no ` +
            `registry has. Next: ${waiting} shows which; build or import those again.`,
          dashboard: 'foreshock-container-disk',
          symptom: 'image_missing',
        },
        {
          name: 'ForeshockSandboxImageMissing',
          severity: 'critical',
          expr: promql`
            round(${increase(promql`${occurrences}{reason="SandboxImageMissing"}`, '10m')}) >= ${thresholds.sandbox_failures}`,
          keepFiringFor: '15m',
          lead: 'None for pods that start now; those that run go on until their sandbox is made anew.',
          summary: 'No pod can start on a node, because the image of pod sandboxes is missing.',
          description:
            `On ${texts.node} {{ $value }} times in ten minutes a pod could not start for want of the image of sandboxes (pause), which cannot be pulled: ` +
            'no pod can start there any more. Next: `kubectl cordon {{ $labels.node }}`, then on the node ' +
            '`journalctl -u kubelet -u containerd -u docker --since -10min | grep -i sandbox` names the image; import or pull it.',
          dashboard: 'foreshock-node',
          explains: ['image_missing', 'pods_late'],
        },
      ],
    };
  },
});
