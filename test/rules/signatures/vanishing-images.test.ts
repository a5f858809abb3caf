import { testAlerts } from '../alert-cases.ts';
import { testSilence } from '../silence.ts';

const NODE = 'cluster="eu",node="node-a"';
const SIZE = `foreshock_image_filesystem_size_bytes{${NODE}}`;
const AVAILABLE = `foreshock_image_filesystem_available_bytes{${NODE}}`;
const WANTED = `foreshock_image_gc_wanted_bytes{${NODE}}`;
const CONFIGURED = `foreshock_kubelet_setting_info{${NODE},setting="imageGCHighThresholdPercent",source="configured"}`;
const HIGH = `foreshock_kubelet_image_gc_high_threshold_ratio{${NODE}}`;
const LOCAL_ONLY = `foreshock_local_only_images{${NODE}}`;
const LOCAL_ONLY_BYTES = `foreshock_local_only_image_bytes{${NODE}}`;
const REMOVED = `foreshock_images_removed_total{${NODE},local_only="true"}`;
const happened = (reason: string) => `foreshock_node_events_total{${NODE},reason="${reason}"}`;

testAlerts('vanishing-images', {
  ForeshockImageFilesystemTooSmall: {
    series: { [SIZE]: '7516192768x120', [HIGH]: '0.85x120', [LOCAL_ONLY]: '0x4 3x100 0x20' },
    firesAt: 65,
    resolvedAt: 106,
    labels: { node: 'node-a' },
    description:
      'The image filesystem of node-a of cluster eu has 1.05GiB between the image GC threshold (assumed: the default) and full: after ' +
      'one pull or build the kubelet may delete images that no pod uses at that moment. Next: `df -h ' +
      '/var/lib/docker /var/lib/containerd` on the node, then enlarge the filesystem.',
  },
  ForeshockLocalOnlyImagesAtRisk: {
    series: {
      [SIZE]: '60e9x40',
      [AVAILABLE]: '30e9x9 12e9x20 30e9x10',
      [HIGH]: '0.85x40',
      [CONFIGURED]: '1x40',
      [LOCAL_ONLY]: '3x40',
      [LOCAL_ONLY_BYTES]: '1288490188x40',
    },
    firesAt: 11,
    resolvedAt: 31,
    labels: { node: 'node-a' },
    description:
      'Images on node-a of cluster eu that were built or imported there and have no registry digest: 3 ' +
      '(1.2GiB). Its image filesystem is close to the image GC threshold, where the kubelet deletes images ' +
      "that no pod uses. Next: `kubectl get node node-a -o json | jq -c '.status.images[].names | " +
      'select(any(.[]?; contains("@")) | not)\'` lists them; push or save them.',
  },
  ForeshockLocalOnlyImagesRemoved: {
    series: { [REMOVED]: '0x10 2x90', [WANTED]: '311382016x10 0x90' },
    firesAt: 11,
    resolvedAt: 56,
    labels: { node: 'node-a' },
    description:
      'Deleted images of node-a of cluster eu that were built or imported there: 2. Its kubelet deleted them ' +
      'to free disk space; they are in no registry, so pods that need them cannot start. Next: build or import ' +
      "them again; `kubectl get pods -A --field-selector spec.nodeName=node-a | grep -E 'ImagePull|ErrImage'` " +
      'shows the pods that wait.',
  },
  ForeshockImagePullsFailAfterGC: {
    series: {
      [REMOVED]: '0x10 2x90',
      [happened('FailedToPullImage')]: '0x12 1+1x3 4x90',
      [happened('ImagePullBackOff')]: '0x12 3+3x10 33x90',
    },
    firesAt: 14,
    resolvedAt: 48,
    labels: { node: 'node-a' },
    description:
      'On node-a of cluster eu image pulls failed or backed off 8 times in 10 min, and in the last 2 h images ' +
      'were deleted that are in no registry. Next: `kubectl get pods -A --field-selector spec.nodeName=node-a ' +
      "| grep -E 'ImagePull|ErrImage'` shows the pods; build or import their images again.",
  },
  ForeshockSandboxImageMissing: {
    series: { [happened('SandboxImageMissing')]: '0x10 1+1x5 6x60' },
    firesAt: 13,
    resolvedAt: 39,
    labels: { node: 'node-a' },
    description:
      'On node-a of cluster eu pods failed to start 3 times in 10 min, because the sandbox image (pause) is ' +
      'missing and cannot be pulled: no new pod can start there. Next: `kubectl cordon node-a`, then on the ' +
      'node `journalctl -u kubelet -u containerd -u docker --since -10min | grep -i sandbox` names the image; ' +
      'import or pull it.',
  },
});

testSilence(
  ['ForeshockLocalOnlyImagesRemoved', 'ForeshockImagePullsFailAfterGC'],
  {
    "an operator's docker rmi, and at pulls that fail for other reasons": {
      [REMOVED]: '0x10 2x60',
      [WANTED]: '0x70',
      [happened('ImagePullBackOff').replace('node-a', 'node-b')]: '0x12 3+3x10 33x50',
    },
  },
  60,
);

testSilence(
  ['ForeshockImageFilesystemTooSmall', 'ForeshockLocalOnlyImagesAtRisk'],
  {
    'a Docker host, where nothing collects images': {
      [SIZE]: '7.5e9x120',
      [AVAILABLE]: '0.5e9x120',
      [LOCAL_ONLY]: '3x120',
    },
  },
  120,
);
