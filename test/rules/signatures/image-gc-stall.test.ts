import { testAlerts } from '../alert-cases.ts';
import { testSilence } from '../silence.ts';

const NODE = 'cluster="eu",node="node-a"';
const LAYER = `foreshock_container_writable_layer_bytes{${NODE},namespace="shop",pod="orders-7d4f",container="java"}`;
const SIZE = `foreshock_image_filesystem_size_bytes{${NODE}}`;
const AVAILABLE = `foreshock_image_filesystem_available_bytes{${NODE}}`;
const WANTED = `foreshock_image_gc_wanted_bytes{${NODE}}`;
const HIGH = `foreshock_kubelet_image_gc_high_threshold_ratio{${NODE}}`;
const UP = `up{${NODE},job="foreshock"}`;
const RENEWED = `foreshock_kubelet_lease_renew_timestamp_seconds{${NODE}}`;

/** From the 13th minute on the kubelet has freed 1.4 GB of what it wanted; it was silent from the 5th to the 10th. */
const STALL = {
  [WANTED]: '5766938624x13 0x60',
  [AVAILABLE]: '6.9e9x12 8.3e9x60',
  [RENEWED]: '0+60x5 300x4 660+60x60',
  'foreshock_collector_success{cluster="eu",collector="heartbeats"}': '1x80',
};

testAlerts('image-gc-stall', {
  ForeshockImageGCImminent: {
    series: {
      [SIZE]: '60e9x120',
      [AVAILABLE]: '11.905e9-1e7x79 30e9x40',
      [WANTED]: '0x120',
      [HIGH]: '0.85x120',
      [LAYER]: '1e9+1e7x120',
    },
    firesAt: 66,
    resolvedAt: 80,
    labels: { node: 'node-a' },
    description:
      'The image filesystem of node-a of cluster eu is 81.26% full and growing. Within 4 h it reaches 85% ' +
      '(assumed: the default), and the kubelet starts to delete images; nodes have been lost meanwhile. Container shop/orders-7d4f/java ' +
      'grew most in the last 1 h, by 572.2MiB of writable layer and logs. Next: `kubectl -n shop exec ' +
      'orders-7d4f -c java -- du -xhd1 /` shows the directories.',
  },
  ForeshockImageGCStall: {
    series: { ...STALL, [UP]: '1x80' },
    firesAt: 13,
    resolvedAt: 36,
    labels: { node: 'node-a' },
    description:
      'The kubelet of node-a of cluster eu is deleting images to free 5.371GiB, and sent no heartbeat for 5m ' +
      '0s. After 50 s without a heartbeat the node turns Unknown, and its pods are evicted after that. Do not ' +
      'restart anything: the kubelet recovers when the images are deleted. Next: `kubectl get pods -A ' +
      '--field-selector spec.nodeName=node-a` shows which pods are at risk.',
  },
});

testSilence(['ForeshockImageGCStall'], { 'a time when the host is off': { ...STALL, [UP]: '1x6 0x60' } }, 60);

testSilence(
  ['ForeshockImageGCStall'],
  {
    'a time when the cluster role has no watch': {
      ...STALL,
      'foreshock_collector_success{cluster="eu",collector="heartbeats"}': '1x4 0x60',
      [UP]: '1x80',
    },
  },
  60,
);

testSilence(
  ['ForeshockImageGCStall'],
  { 'a time when nothing is deleted': { ...STALL, [AVAILABLE]: '6.9e9+1e6x80', [UP]: '1x80' } },
  60,
);

testSilence(
  ['ForeshockImageGCImminent'],
  {
    'the pull of a large image, and while one is built': {
      [SIZE]: '60e9x240',
      [AVAILABLE]: '11.9e9x89 11.6e9-3e8x4 10.4e9x100',
      [WANTED]: '0x240',
      [HIGH]: '0.85x240',
    },
  },
  190,
);

testSilence(
  ['ForeshockImageGCImminent', 'ForeshockImageGCCannotFree', 'ForeshockDiskPressureImminent'],
  {
    'places where nothing collects images: a threshold of 1, and a Docker host': {
      [SIZE]: '60e9x240',
      [AVAILABLE]: '5e9-1e7x240',
      [WANTED]: '0x240',
      [HIGH]: '1x240',
      [`foreshock_kubelet_eviction_threshold_ratio{${NODE},signal="nodefs.available"}`]: '0.1x240',
      'foreshock_image_filesystem_size_bytes{cluster="eu",node="docker-b"}': '60e9x240',
      'foreshock_image_filesystem_available_bytes{cluster="eu",node="docker-b"}': '11e9-1e7x240',
    },
  },
  190,
);
