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
      'A read of memory.stat on node-a of cluster eu takes 1.2s; 10ms is normal. Slowest is that of cgroup /. ' +
      '12000 memory cgroups are deleted but still charged. The kubelet uses 1.50 cores. CronJob shop/report ' +
      'had the most pods here in the last 6 h: 2. Do not write to drop_caches: it has hung such a machine. ' +
      'Next: `uname -r` on the node: kernels before 4.16 sum up all deleted cgroups at each read; drain and ' +
      'reboot the node, and upgrade its kernel.',
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
      '8100 memory cgroups of node-a of cluster eu are deleted but still charged with pages. CronJob ' +
      'shop/report had the most pods here in the last 6 h: 2. A read of memory.stat takes 20ms; 10ms is ' +
      'normal. Next: `uname -r` on the node: with kernels before 4.16 they slow down reads; `kubectl get ' +
      'cronjobs -A` lists the jobs that may create them.',
  },
  ForeshockKubeletCPUHigh: {
    series: { ...read('0+0.4x200'), ...kubeletCpu('0+6x100 690+90x50 5196+6x20'), ...PODS },
    firesAt: 134,
    resolvedAt: 153,
    labels: { node: 'node-a' },
    description:
      'The kubelet of node-a of cluster eu uses 1.50 cores for 4 pods; 0.05 to 0.5 is normal. A read of ' +
      'memory.stat takes 400ms; 10ms is normal. Next: `perf top -p $(pidof kubelet)` on the node shows its ' +
      'functions; memcg or cgroup in their names means that it reads statistics.',
  },
});
