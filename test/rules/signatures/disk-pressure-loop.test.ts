import { testAlerts } from '../alert-cases.ts';
import { testSilence } from '../silence.ts';

const NODE = 'cluster="eu",node="node-a"';
const OWNER = `${NODE},namespace="prod",pod="going-6b7f",container="going"`;
const SIZE = `foreshock_image_filesystem_size_bytes{${NODE}}`;
const AVAILABLE = `foreshock_image_filesystem_available_bytes{${NODE}}`;
const WANTED = `foreshock_image_gc_wanted_bytes{${NODE}}`;
const UNUSED = `foreshock_unused_image_bytes{${NODE}}`;
const FAILURES = `foreshock_image_gc_failures_total{${NODE}}`;
const PRESSURES = `foreshock_node_condition_transitions_total{${NODE},condition="DiskPressure",status="True"}`;
const CONFIGURED = `foreshock_kubelet_setting_info{${NODE},setting="evictionHard",source="configured"}`;
const EVICTION = `foreshock_kubelet_eviction_threshold_ratio{${NODE},signal="imagefs.available"}`;

/** One container with 5.0 GB in its layer, 4.9 GB of them in /log, and one with a log of 1 GB. */
const OWNERS = {
  [`foreshock_container_writable_layer_bytes{${OWNER}}`]: '5368709120x500',
  [`foreshock_container_writable_layer_directory_bytes{${OWNER},directory="/log"}`]: '5261334938x500',
  [`foreshock_container_writable_layer_directory_bytes{${OWNER},directory="/usr"}`]: '2e7x500',
  [`foreshock_container_log_bytes{${OWNER}}`]: '1e8x500',
  [`foreshock_container_log_bytes{${NODE},namespace="prod",pod="api-5d8c",container="api"}`]: '1e9x500',
};

testAlerts('disk-pressure-loop', {
  ForeshockContainerWritableLayerLarge: {
    series: {
      [SIZE]: '60e9x120',
      [`foreshock_container_writable_layer_bytes{${OWNER}}`]: '0+1.01e8x59 0x60',
      [`foreshock_container_writable_layer_directory_bytes{${OWNER},directory="/log"}`]: '0+9.8e7x120',
      [`foreshock_container_writable_layer_directory_bytes{${OWNER},directory="/log/going"}`]: '0+9.7e7x120',
      [`foreshock_container_writable_layer_directory_bytes{${OWNER},directory="/usr"}`]: '0+1e6x120',
    },
    firesAt: 48,
    resolvedAt: 60,
    labels: { node: 'node-a', namespace: 'prod', pod: 'going-6b7f', container: 'going' },
    description:
      'Container prod/going-6b7f/going on node-a of cluster eu has 4.515GiB in its writable layer, which is ' +
      'freed only when the container is removed. 4.336GiB of it is in /log/going. Next: `kubectl -n prod exec ' +
      'going-6b7f -c going -- du -xhd1 /log/going` shows the files.',
  },
  ForeshockImageGCCannotFree: {
    series: {
      ...OWNERS,
      [WANTED]: '0x10 8094471782x60 0x30',
      [UNUSED]: '7e5x120',
      [FAILURES]: '0x12 1x100',
      [`foreshock_image_gc_last_wanted_bytes{${NODE}}`]: '_x12 8094471782x100',
      [`foreshock_image_gc_last_freed_bytes{${NODE}}`]: '_x12 0x100',
    },
    firesAt: 16,
    resolvedAt: 72,
    labels: { node: 'node-a' },
    description:
      'The kubelet of node-a of cluster eu wants to free 7.539GiB of images but cannot, because what fills the ' +
      'disk is in use. The last attempt freed 0B. Container prod/going-6b7f/going takes the most disk space, ' +
      '5.093GiB of writable layer and logs. In the largest writable layer, 4.9GiB is in /log of ' +
      'prod/going-6b7f/going. Next: `kubectl -n prod exec going-6b7f -c going -- du -xhd1 /log` shows the ' +
      'files.',
  },
  ForeshockDiskPressureImminent: {
    series: {
      ...OWNERS,
      [SIZE]: '60e9x90',
      [AVAILABLE]: '20e9x10 9.3e9x30 20e9x50',
      [EVICTION]: '0.15x90',
      [CONFIGURED]: '1x90',
    },
    firesAt: 16,
    resolvedAt: 72,
    labels: { node: 'node-a' },
    description:
      'The image filesystem of node-a of cluster eu has 8.661GiB left; below 8.382GiB the node reports ' +
      'DiskPressure and evicts pods. Container prod/going-6b7f/going takes the most disk space, 5.093GiB of ' +
      'writable layer and logs. In the largest writable layer, 4.9GiB is in /log of prod/going-6b7f/going. ' +
      'Next: `kubectl -n prod exec going-6b7f -c going -- du -xhd1 /log` shows the files.',
  },
  ForeshockDiskPressureLoop: {
    series: {
      ...OWNERS,
      [PRESSURES]: '0x10 1x60 2x60 3x400',
      [FAILURES]: '0x4 1x100 2x400',
      [`foreshock_image_gc_last_wanted_bytes{${NODE}}`]: '_x4 9259128422x500',
      [`foreshock_image_gc_last_freed_bytes{${NODE}}`]: '_x4 0x500',
    },
    firesAt: 133,
    resolvedAt: 431,
    labels: { node: 'node-a' },
    description:
      'node-a of cluster eu reported DiskPressure 3 times in 6 h and evicted pods each time, while its kubelet ' +
      'found too few images to delete. It wanted to free 8.623GiB. The last attempt freed 0B. Container ' +
      'prod/going-6b7f/going takes the most disk space, 5.093GiB of writable layer and logs. In the largest ' +
      'writable layer, 4.9GiB is in /log of prod/going-6b7f/going. Next: `kubectl -n prod exec going-6b7f -c ' +
      'going -- du -xhd1 /log` shows the files.',
  },
});

testSilence(
  ['ForeshockImageGCCannotFree', 'ForeshockDiskPressureImminent'],
  {
    'a time while collection has enough to delete': {
      [SIZE]: '60e9x120',
      [AVAILABLE]: '12e9-4e7x60 12e9x60',
      [WANTED]: '0x55 2.4e9x4 0x60',
      [UNUSED]: '6e9x120',
    },
  },
  120,
);

testSilence(
  ['ForeshockDiskPressureLoop'],
  {
    'a time when DiskPressure came and went and images were deleted': {
      [PRESSURES]: '0x10 1x60 2x60 3x60',
      [WANTED]: '0x10 2e9x4 0x55 2e9x4 0x55 2e9x4 0x60',
    },
  },
  180,
);

testSilence(
  ['ForeshockContainerWritableLayerLarge'],
  {
    'a layer of 1.5 GB on a large disk, and one of 0.9 GB on a small one': {
      [SIZE]: '200e9x60',
      [`foreshock_container_writable_layer_bytes{${OWNER}}`]: '1.5e9x60',
      'foreshock_image_filesystem_size_bytes{cluster="eu",node="node-b"}': '8e9x60',
      'foreshock_container_writable_layer_bytes{cluster="eu",node="node-b",namespace="",pod="",container="app"}':
        '0.9e9x60',
    },
  },
  60,
);
