import { testAlerts } from '../alert-cases.ts';
import { testSilence } from '../silence.ts';

const NODE = 'cluster="eu",node="node-a"';
const UP = `up{${NODE},job="foreshock",instance="10.0.0.7:10777"}`;
const NODE_EXPORTER = 'cluster="eu",job="node-exporter",instance="10.0.0.7:9100"';
const KUBELET = 'cluster="eu",job="kubelet",instance="10.0.0.7:10250"';
const MONGO = 'namespace="shop",pod="mongo-0",container="mongod"';
const LARGEST = `container_memory_working_set_bytes{${KUBELET},${MONGO}}`;

const memory = (name: string) => `node_memory_${name}_bytes{${NODE_EXPORTER}}`;
const HOST = { [`node_uname_info{${NODE_EXPORTER},nodename="node-a"}`]: '1x60' };

/** A disk's worth of pages read again, and kswapd at it, from the 5th minute on for 5 min; available memory is unknown. */
const THRASH = {
  [`foreshock_workingset_refaults_total{${NODE},type="file"}`]: '0+60x5 3000300+3000000x4 15000300x40',
  [`foreshock_workingset_refaults_total{${NODE},type="anon"}`]: '0x50',
  [`foreshock_kswapd_cpu_seconds_total{${NODE}}`]: '0+1x5 63+58x4 295x40',
  [`foreshock_reclaim_scanned_pages_total{${NODE},by="kswapd"}`]: '0+600x5 6e6+6e6x4 3e7x40',
  [`foreshock_reclaim_scanned_pages_total{${NODE},by="direct"}`]: '0x50',
  [`foreshock_memory_above_low_watermark_bytes{${NODE}}`]: '2e8x5 -3e7x4 8e9x40',
};
const STOLEN = `foreshock_reclaim_stolen_pages_total{${NODE},by="kswapd"}`;

testAlerts('reclaim-thrash', {
  ForeshockReclaimThrash: {
    series: {
      ...THRASH,
      [STOLEN]: '0+550x5 2e6+2e6x4 1e7x40',
      [`foreshock_container_memory_pressure_seconds_total{${NODE},${MONGO},kind="some"}`]: '0x5 57+57x4 285x40',
      [`foreshock_container_memory_pressure_seconds_total{${NODE},${MONGO.replace('mongo-0', 'web')},kind="some"}`]:
        '0x5 20+20x4 100x40',
    },
    firesAt: 6,
    resolvedAt: 21,
    labels: { node: 'node-a' },
    description:
      'node-a of cluster eu is out of memory and thrashing: it reads 50k pages per second that it has just ' +
      'reclaimed. kswapd uses 1.0 cores. Container shop/mongo-0/mongod waits for memory most, 95% of the time. ' +
      'Next: as root on the node or its console, `echo f > /proc/sysrq-trigger` calls the OOM killer, which ' +
      'kills one process.',
  },
  ForeshockMemoryNearWatermark: {
    series: {
      ...HOST,
      [memory('MemTotal')]: '32e9x60',
      [memory('MemAvailable')]: '16e9x4 1.28e9x20 16e9x30',
      [memory('SwapTotal')]: '0x60',
      [LARGEST]: '27e9x60',
      [`kubelet_node_name{${KUBELET},node="node-a"}`]: '1x60',
    },
    firesAt: 10,
    resolvedAt: 31,
    labels: { node: 'node-a' },
    description:
      'Only 4% of the memory of node-a of cluster eu is available. It has no swap, so it will hang rather than ' +
      'slow down. Container shop/mongo-0/mongod uses the most memory, 25.15GiB. Next: `ps -eo pid,rss,comm ' +
      '--sort=-rss | head` on the node shows the largest processes.',
  },
  // By the kubelet's numbers, where there is no node_exporter.
  ForeshockNodeVanishedUnderMemoryPressure: {
    series: {
      [UP]: '1x10 0x19 1x30',
      [`kubelet_node_name{${KUBELET},node="node-a"}`]: '1x10 stale _x18 1x30',
      [`machine_memory_bytes{${KUBELET}}`]: '32e9x10 stale _x18 32e9x30',
      [`container_memory_working_set_bytes{${KUBELET},id="/"}`]: '31.36e9x10 stale _x18 9e9x30',
      [LARGEST]: '27e9x10 stale',
    },
    firesAt: 12,
    resolvedAt: 46,
    labels: { node: 'node-a' },
    description:
      'node-a of cluster eu has stopped answering, and its memory was nearly exhausted before: 2% available. ' +
      'Container shop/mongo-0/mongod uses the most memory, 25.15GiB. SSH will hang. Next: SysRq-F on its ' +
      'console calls the OOM killer; if nothing answers, reset the node.',
  },
});

const NEARLY_OUT = { ...HOST, [memory('MemTotal')]: '32e9x60', [memory('MemAvailable')]: '8e9x6 1e9x4 8e9x40' };

testSilence('reclaim-thrash', {
  'a reboot with memory to spare': {
    ...HOST,
    [UP]: '1x10 0x10 1x30',
    [memory('MemTotal')]: '32e9x10',
    [memory('MemAvailable')]: '9e9x10',
  },
  'an exporter that is down while the node answers': {
    ...NEARLY_OUT,
    [UP]: '1x8 0x40',
    [`up{${NODE_EXPORTER}}`]: '1x60',
  },
  'a reboot a quarter of an hour after memory was short': {
    ...NEARLY_OUT,
    [UP]: '1x25 0x5 1x30',
  },
  'a page cache that is read again and again, with memory to spare': {
    ...HOST,
    ...THRASH,
    [STOLEN]: '0+550x5 2e6+2e6x4 1e7x40',
    [memory('MemTotal')]: '32e9x60',
    [memory('MemAvailable')]: '20e9x60',
  },
  'a page cache that is read through, where available memory is unknown': {
    ...THRASH,
    [STOLEN]: '0+550x5 5.8e6+5.8e6x4 2.9e7x40',
  },
});
