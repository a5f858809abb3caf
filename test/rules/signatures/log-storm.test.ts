import { testAlerts } from '../alert-cases.ts';

const OWNER = 'cluster="eu",node="node-a",namespace="shop",pod="orders-7d4f",container="java"';
const OWNER_LABELS = { node: 'node-a', namespace: 'shop', pod: 'orders-7d4f', container: 'java' };
const WRITTEN = `foreshock_container_log_written_bytes_total{${OWNER}}`;
const NODE_EXPORTER = 'cluster="eu",job="node-exporter",instance="10.0.0.7:9100"';

/** A disk on which 20 writes a second take 10 s each, and that is busy all the time; from the 5th minute on, for 20 min. */
const HANGING_DISK = {
  [`node_uname_info{${NODE_EXPORTER},nodename="node-a"}`]: '1x60',
  [`node_disk_writes_completed_total{${NODE_EXPORTER},device="vda"}`]: '0+1200x60',
  [`node_disk_write_time_seconds_total{${NODE_EXPORTER},device="vda"}`]: '0+6x5 12006+12000x20 252012+6x34',
  [`node_disk_io_time_seconds_total{${NODE_EXPORTER},device="vda"}`]: '0+1x5 65+60x20 1266+1x34',
};

testAlerts('log-storm', {
  ForeshockContainerLogStorm: {
    series: { ...HANGING_DISK, [WRITTEN]: '0+3.6e9x60', [`foreshock_container_log_bytes{${OWNER}}`]: '12884901888x60' },
    firesAt: 7,
    resolvedAt: 61,
    labels: OWNER_LABELS,
    description:
      'Container shop/orders-7d4f/java on node-a of cluster eu writes 57.22MiB/s to its log. A write to its ' +
      'disk takes 4.0 s; the kubelet will miss heartbeats, and the node will turn NotReady. The log takes ' +
      '12GiB. Next: `kubectl -n shop logs orders-7d4f -c java --tail=20` shows what it logs; lower its log ' +
      'level or scale it to 0.',
  },
  ForeshockContainerLogRateHigh: {
    series: { [WRITTEN]: '0+3.6e9x20 7.2e10x40' },
    firesAt: 11,
    resolvedAt: 25,
    labels: OWNER_LABELS,
    description:
      'Container shop/orders-7d4f/java on node-a of cluster eu has written 57.22MiB/s to its log for 10 min. ' +
      'Next: `kubectl -n shop logs orders-7d4f -c java --tail=20` shows what it logs; the usual cause is the ' +
      'log level.',
  },
  ForeshockContainerLogUnbounded: [
    {
      series: {
        [`foreshock_container_log_bytes{${OWNER}}`]: '0+2e8x40',
        [`foreshock_container_log_limit_bytes{${OWNER}}`]: `${'Inf '.repeat(31)}1e9x10`,
      },
      firesAt: 21,
      resolvedAt: 31,
      labels: OWNER_LABELS,
      description:
        'The log of container shop/orders-7d4f/java on node-a of cluster eu takes 3.912GiB and has no size ' +
        'limit. Next: set `max-size` and `max-file` in `log-opts` of /etc/docker/daemon.json and restart ' +
        'dockerd; it applies only to newly created containers, a restart is not enough.',
    },
    {
      series: {
        'foreshock_container_log_bytes{cluster="eu",node="node-a",namespace="",pod="",container="noisy"}':
          '2e9x30 stale',
        'foreshock_container_log_limit_bytes{cluster="eu",node="node-a",namespace="",pod="",container="noisy"}': `${'Inf '.repeat(31)}stale`,
      },
      firesAt: 15,
      resolvedAt: 31,
      labels: { node: 'node-a', container: 'noisy' },
      description:
        'The log of container noisy on node-a of cluster eu takes 1.863GiB and has no size limit. Next: ' +
        '`--log-opt max-size=100m --log-opt max-file=3` of docker run, or `logging` in Compose; it applies only ' +
        'to newly created containers, a restart is not enough.',
    },
  ],
  ForeshockNodeDiskStall: {
    series: { ...HANGING_DISK, [WRITTEN]: '0+6e7x60' },
    firesAt: 12,
    resolvedAt: 32,
    labels: { node: 'node-a', device: 'vda' },
    description:
      'A write to vda of node-a of cluster eu takes 10.0 s; milliseconds are normal. Container ' +
      'shop/orders-7d4f/java logs most, 976.6kiB/s. Next: `pidstat -d 3` on the node shows the processes that ' +
      'write.',
  },
});
