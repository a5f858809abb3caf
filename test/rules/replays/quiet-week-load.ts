import * as heartbeats from '../../../exporter/cluster/watchers/heartbeats.ts';
import * as pods from '../../../exporter/cluster/watchers/pods.ts';
import * as pulls from '../../../exporter/cluster/watchers/pulls.ts';
import type { Metric } from '../../../exporter/exposition/metric.ts';
import * as kubeletEndpoints from '../../../exporter/node/collectors/kubelet-endpoints.ts';
import * as memory from '../../../exporter/node/collectors/memory-cgroups.ts';
import { RATE_LIMITER_BUCKETS } from './healthy-upstream.ts';
import { batchJob, shortLived } from './quiet-week-batch.ts';
import {
  AWAY,
  BATCHES,
  DAY,
  DAYS,
  during,
  IMAGE_GC,
  KUBELET_RESTART,
  KUBERNETES,
  mornings,
  PULLS,
} from './quiet-week-times.ts';
import { type Course, counting, every, histogram, type Labels, type Observation, series, through } from './series.ts';
import { CLUSTER, instanceOf, nodeLabels, WEB } from './targets.ts';

const SECONDS = DAYS * DAY;
const HOUR = 3600;

/** One value while the batch job of each night runs, and one for the rest of the day. */
const atNight = (busy: number, idle: number) => (second: number) => (during(BATCHES, second) ? busy : idle);

function observed(metric: Metric, labels: Labels, observations: readonly Observation[]): [string, Course][] {
  return histogram(metric.name, labels, metric.buckets ?? [], observations);
}

/** What is left for images: 1.5 GB less each morning, until image GC frees 9 GB of it. */
const SIZE = 60e9;
export function imageSpace(second: number): number {
  const freed = through([IMAGE_GC.from, 0], [IMAGE_GC.to, 9e9])(second);
  return 17e9 - 1.5e9 * mornings(second) + freed;
}

/** The kubelet's arithmetic with thresholds of 80 and 75 %: the default of 85 % is where it begins to evict pods, too. */
function imageGcWanted(second: number): number {
  const available = imageSpace(second);
  return available < 0.2 * SIZE ? 0.25 * SIZE - available : 0;
}

/** The metrics of the node role: a busy disk, memory at 85 % and many short-lived containers at night, rotated logs. */
export function hostLoad(node: string): [string, Course][] {
  const labels = nodeLabels(node);
  const gauges: Record<string, (second: number) => number> = {
    foreshock_pids_used: atNight(0.4 * 32768, 900),
    foreshock_memory_cgroups: atNight(420, 300),
    // They disappear as their pages are reclaimed.
    foreshock_memory_cgroups_dying: (second) => through([2 * HOUR, 50], [3 * HOUR, 500], [6 * HOUR, 50])(second % DAY),
    foreshock_mounts: atNight(420, 300),
    foreshock_memory_above_low_watermark_bytes: atNight(2.5e9, 8e9),
    foreshock_image_filesystem_available_bytes: imageSpace,
    foreshock_image_gc_wanted_bytes: imageGcWanted,
    foreshock_kubelet_image_gc_high_threshold_ratio: () => 0.8,
    foreshock_kubelet_image_gc_low_threshold_ratio: () => 0.75,
  };
  const web = { ...labels, ...WEB };
  return [
    ...Object.entries(gauges).map(([name, course]) => series(name, labels, course)),
    series('foreshock_container_log_bytes', web, (second) => 1e6 + 2300 * (second % (6 * HOUR))),
    series(
      'foreshock_container_log_written_bytes_total',
      web,
      counting(() => 2300),
    ),
    series('foreshock_zombie_processes', { ...web, cgroup: '' }, atNight(12, 0)),
    ...['scope', 'mount', 'service'].map((type) =>
      series('foreshock_systemd_transient_units', { ...labels, type }, atNight(60, 30)),
    ),
    ...['kubelet', 'containerd'].flatMap((daemon) => [
      series('foreshock_daemon_blocked_seconds_total', { ...labels, daemon }, counting(atNight(0.03, 0.002))),
      series('foreshock_daemon_longest_block_seconds', { ...labels, daemon }, atNight(0.8, 0.05)),
      series('foreshock_daemon_run_delay_seconds_total', { ...labels, daemon }, counting(atNight(0.2, 0.01))),
    ]),
    series('foreshock_kswapd_cpu_seconds_total', labels, counting(atNight(0.08, 0.001))),
    ...Object.entries({ kswapd: [6000, 10], direct: [20, 0] }).flatMap(([by, [busy = 0, idle = 0]]) => [
      series('foreshock_reclaim_scanned_pages_total', { ...labels, by }, counting(atNight(busy, idle))),
      series('foreshock_reclaim_stolen_pages_total', { ...labels, by }, counting(atNight(0.95 * busy, 0.9 * idle))),
    ]),
    series('foreshock_workingset_refaults_total', { ...labels, type: 'file' }, counting(atNight(150, 1))),
    series('foreshock_allocation_stalls_total', labels, counting(atNight(0.2, 0))),
    series('foreshock_runtime_ping_duration_seconds', { ...labels, runtime: 'containerd' }, atNight(0.05, 0.002)),
    ...observed(memory.readDuration, { ...labels, cgroup: '/' }, every(60, atNight(0.04, 0.01), SECONDS)),
    ...observed(
      kubeletEndpoints.duration,
      { ...labels, endpoint: '/healthz' },
      every(15, atNight(0.05, 0.003), SECONDS),
    ),
    ...batchJob(labels),
    ...Array.from({ length: 12 }, (_, index) => shortLived(labels, index)).flat(),
  ];
}

/** The metrics of node_exporter at night; a write takes 0.1 s, and 0.3 s in its last third. */
export function nodeExporterLoad(node: string, boots: readonly number[]): [string, Course][] {
  const labels = { cluster: CLUSTER, job: 'node-exporter', instance: instanceOf(node, 9100) };
  const disk = { ...labels, device: 'vda' };
  const writeTime = (second: number) => {
    const night = during(BATCHES, second);
    return night ? 300 * (second - night.from < 2400 ? 0.1 : 0.3) : 20 * 0.003;
  };
  return [
    series('node_boot_time_seconds', labels, (second) => Math.max(-DAY, ...boots.filter((boot) => boot <= second))),
    series('node_disk_writes_completed_total', disk, counting(atNight(300, 20))),
    series('node_disk_write_time_seconds_total', disk, counting(writeTime)),
    series('node_disk_reads_completed_total', disk, counting(atNight(100, 5))),
    series('node_disk_read_time_seconds_total', disk, counting(atNight(5, 0.01))),
    series('node_disk_io_time_seconds_total', disk, counting(atNight(0.98, 0.02))),
    series(
      'node_filesystem_avail_bytes',
      { ...labels, mountpoint: '/', fstype: 'ext4', device: '/dev/vda1' },
      imageSpace,
    ),
    series('node_memory_MemAvailable_bytes', labels, atNight(0.15 * 32e9, 16e9)),
    series('node_pressure_io_waiting_seconds_total', labels, counting(atNight(0.4, 0.01))),
    series('node_pressure_memory_waiting_seconds_total', labels, counting(atNight(0.03, 0.001))),
    series('node_pressure_memory_stalled_seconds_total', labels, counting(atNight(0.005, 0))),
    series('node_load1', labels, atNight(25, 1)),
  ];
}

/** The metrics of the kubelet at night. */
export function kubeletLoad(): [string, Course][] {
  const labels = {
    cluster: CLUSTER,
    job: 'kubelet',
    instance: instanceOf(KUBERNETES, 10250),
    metrics_path: '/metrics',
  };
  return [
    series('scrape_duration_seconds', { ...labels, metrics_path: '/metrics/cadvisor' }, atNight(1.5, 0.2)),
    series('process_cpu_seconds_total', labels, counting(atNight(0.3, 0.08))),
    ...histogram(
      'rest_client_rate_limiter_duration_seconds',
      { ...labels, verb: 'GET', host: '10.0.9.1:6443' },
      RATE_LIMITER_BUCKETS,
      every(10, atNight(0.3, 0.001), SECONDS),
    ),
  ];
}

/** The metrics of the cluster role: heartbeats that stop while the node is away, pulls, images. */
export function clusterRoleLoad(): [string, Course][] {
  const labels = { ...nodeLabels(KUBERNETES), job: 'foreshock', instance: '10.0.9.9:10777' };
  const silent = [...AWAY, KUBELET_RESTART];
  const lastHeartbeat = (interval: number) => (second: number) => {
    const at = during(silent, second)?.from ?? second;
    return Math.max(at - (at % interval), ...silent.map(({ to }) => to).filter((to) => to <= second));
  };
  const intervals = (interval: number) => [
    ...every(interval, interval, SECONDS).filter(({ at }) => !during(silent, at)),
    ...silent.map(({ from, to }) => ({ at: to, value: to - from })),
  ];
  const count = (times: readonly number[]) => (second: number) => times.filter((at) => at <= second).length;
  const back = AWAY.map(({ to }) => to);
  const givenUp = AWAY.map(({ from }) => from + 40);
  const transitions = (condition: string, status: string, times: readonly number[]) =>
    series('foreshock_node_condition_transitions_total', { ...labels, condition, status }, count(times));
  const events = (reason: string, times: readonly number[]) =>
    series('foreshock_node_events_total', { ...labels, reason }, count(times));
  const inFlight = (second: number) =>
    PULLS.filter(({ start, waiting, pulling }) => start <= second && second < start + waiting + pulling);
  const ofPulls = (value: (pull: (typeof PULLS)[number]) => number) =>
    PULLS.map((pull) => ({ at: pull.start + pull.waiting + pull.pulling, value: value(pull) }));
  const starts = [
    ...every(600, 1, SECONDS),
    ...BATCHES.flatMap(({ from }) => every(25, 3, HOUR).map(({ at, value }) => ({ at: from + at, value }))),
  ];
  return [
    series(heartbeats.renewTimestamp.name, labels, lastHeartbeat(10)),
    series(heartbeats.patchTimestamp.name, labels, lastHeartbeat(300)),
    series(heartbeats.patchLag.name, labels, atNight(1.5, 0.2)),
    ...observed(heartbeats.renewInterval, labels, intervals(10)),
    ...observed(heartbeats.patchInterval, labels, intervals(300)),
    transitions('Ready', 'True', back),
    ...['MemoryPressure', 'DiskPressure', 'PIDPressure'].map((condition) => transitions(condition, 'False', back)),
    ...['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'].map((condition) =>
      transitions(condition, 'Unknown', givenUp),
    ),
    events('NodeNotReady', givenUp),
    events('Rebooted', back),
    events(
      'Starting',
      silent.map(({ to }) => to),
    ),
    // Each start of a kubelet sends this once, before it has asked the runtime.
    events(
      'InvalidDiskCapacity',
      silent.map(({ to }) => to),
    ),
    series('foreshock_image_pulls_in_flight', labels, (second) => inFlight(second).length),
    series('foreshock_image_pull_oldest_start_timestamp_seconds', labels, (second) => inFlight(second)[0]?.start),
    ...observed(
      pulls.duration,
      labels,
      ofPulls(({ pulling }) => pulling),
    ),
    ...observed(
      pulls.wait,
      labels,
      ofPulls(({ waiting }) => waiting),
    ),
    ...observed(pods.lag, labels, starts),
    series('foreshock_images', labels, (second) => 30 + 3 * mornings(second) - (second < IMAGE_GC.to ? 0 : 8)),
    series('foreshock_images_removed_total', { ...labels, local_only: 'false' }, (second) =>
      second < IMAGE_GC.to ? 0 : 8,
    ),
    series(
      'foreshock_unused_image_bytes',
      labels,
      (second) => 6e9 + 1.5e9 * mornings(second) - (second < IMAGE_GC.to ? 0 : 9e9),
    ),
  ];
}
