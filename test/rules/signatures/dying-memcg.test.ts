import { testAlerts } from '../alert-cases.ts';

const NODE = 'cluster="eu",node="node-a"';
const KUBELET = 'cluster="eu",job="kubelet",instance="10.0.0.7:10250"';

/** Two pods of one CronJob, one of another, and one that is no CronJob's. */
const PODS = Object.fromEntries(
  ['report-29212340-x7k2p', 'report-29212341-abcde', 'backup-29212000-zzzzz', 'web-5c9d'].map((pod) => [
    `foreshock_container_info{${NODE},namespace="shop",pod="${pod}",container="c",container_id="containerd://${pod}",runtime="containerd"}`,
    '1x200',
  ]),
);

/** One read a minute that takes 0.01 s in `/kubepods` and, for a while, this long in `/`. */
const read = (sum: string) => ({
  [`foreshock_memory_stat_read_duration_seconds_sum{${NODE},cgroup="/"}`]: sum,
  [`foreshock_memory_stat_read_duration_seconds_count{${NODE},cgroup="/"}`]: '0+1x200',
  [`foreshock_memory_stat_read_duration_seconds_sum{${NODE},cgroup="/kubepods"}`]: '0+0.01x200',
  [`foreshock_memory_stat_read_duration_seconds_count{${NODE},cgroup="/kubepods"}`]: '0+1x200',
});

const kubeletCpu = (total: string) => ({
  [`kubelet_node_name{${KUBELET},node="node-a"}`]: '1x200',
  [`process_cpu_seconds_total{${KUBELET}}`]: total,
});

testAlerts('dying-memcg', {
  ForeshockMemoryStatSlow: {
    series: {
      // 1.2 s from minute 21 to minute 60.
      ...read('0+0.01x20 1.4+1.2x39 48.21+0.01x100'),
      [`foreshock_memory_cgroups_dying{${NODE}}`]: '12000x200',
      ...kubeletCpu('0+90x200'),
      ...PODS,
    },
    firesAt: 36,
    resolvedAt: 70,
    labels: { node: 'node-a' },
    description:
      'A read of memory.stat on node-a of cluster eu takes 1.2s; healthy is 10ms. Slowest is the cgroup /. 12000 deleted cgroups are not gone. The kubelet uses 1.50 cores. Of all CronJobs shop/report had the most pods here in the last six hours, 2. Next: `uname -r` on the node: before 4.16 each read adds up all of them; until it is newer, drain and reboot the node. Do not write to drop_caches: that has hung such a machine.',
  },
  ForeshockDyingMemoryCgroups: {
    series: {
      [`foreshock_memory_cgroups_dying{${NODE}}`]: '0+100x100 0x20',
      ...read('0+0.02x200'),
      ...PODS,
    },
    firesAt: 81,
    resolvedAt: 101,
    labels: { node: 'node-a' },
    description:
      '8100 memory cgroups of node-a of cluster eu are deleted and not gone, because pages are still charged to them. Of all CronJobs shop/report had the most pods here in the last six hours, 2. A read of memory.stat takes 20ms; healthy is 10ms. Next: `uname -r` on the node: before 4.16 they make reads slow; `kubectl get cronjobs -A` shows what makes so many.',
  },
  ForeshockKubeletCPUHigh: {
    series: { ...read('0+0.4x200'), ...kubeletCpu('0+6x100 690+90x50 5196+6x20'), ...PODS },
    firesAt: 134,
    resolvedAt: 153,
    labels: { node: 'node-a' },
    description:
      'The kubelet of node-a of cluster eu uses 1.50 cores for 4 pods; healthy are 0.05 to 0.5. A read of memory.stat takes 400ms; healthy is 10ms. Next: `perf top -p $(pidof kubelet)` on the node shows what it does; memcg or cgroup in the names means that it reads statistics.',
  },
});
