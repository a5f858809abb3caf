import { testAlerts } from '../alert-cases.ts';

const OWNER = 'cluster="eu",node="node-a",namespace="shop",pod="orders-7d4f",container="java"';
const OWNER_LABELS = { node: 'node-a', namespace: 'shop', pod: 'orders-7d4f', container: 'java' };
const WRITTEN = `foreshock_container_log_written_bytes_total{${OWNER}}`;
const NODE_EXPORTER = 'cluster="eu",job="node-exporter",instance="10.0.0.7:9100"';

/** A disk on which 20 writes a second take 10 s each, and that is busy all the time; from the 5th minute on, for 20 min. */
const HANGING_DISK = {
  [`node_uname_info{${NODE_EXPORTER},nodename="node-a"}`]: '1x60',
  [`node_disk_writes_completed_total{${NODE_EXPORTER},device="vda"}`]: '0+1200x60',
  [`node_disk_write_time_seconds_total{${NODE_EXPORTER},device="vda"}`]: '0+6x5 12006+12000x20 240012+6x34',
  [`node_disk_io_time_seconds_total{${NODE_EXPORTER},device="vda"}`]: '0+1x5 65+60x20 1266+1x34',
};

testAlerts('log-storm', {
  ForeshockContainerLogStorm: {
    series: { ...HANGING_DISK, [WRITTEN]: '0+3.6e9x60', [`foreshock_container_log_bytes{${OWNER}}`]: '12884901888x60' },
    firesAt: 7,
    resolvedAt: 40,
    labels: OWNER_LABELS,
    description:
      'Container shop/orders-7d4f/java on node-a of cluster eu writes 57.22MiB/s to its log. A write to its disk takes 4s; ' +
      'the kubelet will miss its heartbeats and the node turn NotReady. Its log takes 12GiB. Next: ' +
      '`kubectl -n shop logs orders-7d4f -c java --tail=20` shows what it logs; quieten it or scale it to 0.',
  },
  ForeshockContainerLogRateHigh: {
    series: { [WRITTEN]: '0+3.6e9x20 7.2e10x40' },
    firesAt: 11,
    resolvedAt: 25,
    labels: OWNER_LABELS,
    description: '',
  },
  ForeshockContainerLogUnbounded: {
    series: {
      [`foreshock_container_log_bytes{${OWNER}}`]: '0+2e8x40',
      [`foreshock_container_log_limit_bytes{${OWNER}}`]: `${'Inf '.repeat(31)}1e9x10`,
    },
    firesAt: 21,
    resolvedAt: 31,
    labels: OWNER_LABELS,
    description: '',
  },
  ForeshockNodeDiskStall: {
    series: { ...HANGING_DISK, [WRITTEN]: '0+6e7x60' },
    firesAt: 8,
    resolvedAt: 40,
    labels: { node: 'node-a', device: 'vda' },
    description: '',
  },
});
