import { REASONS } from '../../../exporter/cluster/events/event-reason.ts';
import * as heartbeats from '../../../exporter/cluster/watchers/heartbeats.ts';
import { watchers } from '../../../exporter/cluster/watchers/index.ts';
import * as pods from '../../../exporter/cluster/watchers/pods.ts';
import * as pulls from '../../../exporter/cluster/watchers/pulls.ts';
import type { Metric } from '../../../exporter/exposition/metric.ts';
import { collectors } from '../../../exporter/node/collectors/index.ts';
import * as kubeletEndpoints from '../../../exporter/node/collectors/kubelet-endpoints.ts';
import * as memory from '../../../exporter/node/collectors/memory-cgroups.ts';
import { SETTING_FIELDS } from '../../../exporter/node/kubelet/settings.ts';
import { type Course, counting, every, histogram, type Labels, series } from './series.ts';
import { CLUSTER, instanceOf, nodeLabels, type Span, WEB } from './targets.ts';

function ofMetric(metric: Metric, labels: Labels, { seconds }: Span, interval: number, value: number) {
  return histogram(metric.name, labels, metric.buckets ?? [], every(interval, value, seconds));
}

/** The metrics of `foreshock node`. */
export function host(node: string, span: Span): [string, Course][] {
  const labels = nodeLabels(node);
  const web = { ...labels, ...WEB };
  const gauges: Record<string, number> = {
    foreshock_pids_used: 900,
    foreshock_pids_limit: 32768,
    foreshock_memory_cgroups: 300,
    foreshock_memory_cgroups_dying: 50,
    foreshock_systemd_orphaned_subpath_units: 0,
    foreshock_mounts: 300,
    foreshock_memory_above_low_watermark_bytes: 8e9,
    foreshock_image_filesystem_size_bytes: 60e9,
    foreshock_image_filesystem_available_bytes: 30e9,
    foreshock_image_gc_wanted_bytes: 0,
    foreshock_kubelet_image_gc_high_threshold_ratio: 0.85,
    foreshock_kubelet_image_gc_low_threshold_ratio: 0.8,
    foreshock_kubelet_image_gc_minimum_age_seconds: 120,
    foreshock_kubelet_status_update_interval_seconds: 10,
    foreshock_kubelet_status_report_interval_seconds: 300,
    foreshock_kubelet_lease_duration_seconds: 40,
    foreshock_kubelet_serialize_image_pulls: 1,
    foreshock_kubelet_api_qps: 50,
    foreshock_kubelet_api_burst: 100,
  };
  return [
    ...['procfs', 'rootfs'].map((path) => series('foreshock_host_visible', { ...labels, path }, 1)),
    ...collectors.flatMap(({ name, unmeasuredReasons = [] }) =>
      unmeasuredReasons.map((reason) =>
        series('foreshock_containers_unmeasured', { ...labels, collector: name, reason }, 0),
      ),
    ),
    ...Object.entries(gauges).map(([name, value]) => series(name, labels, value)),
    series('up', { ...labels, job: 'foreshock', instance: instanceOf(node, 10777) }, 1),
    ...collectors.flatMap(({ name }) => selfOf(name, { ...labels, job: 'foreshock' })),
    series('foreshock_container_info', { ...web, container_id: `containerd://${node}`, runtime: 'containerd' }, 1),
    series('foreshock_container_log_bytes', web, 3e7),
    series(
      'foreshock_container_log_written_bytes_total',
      web,
      counting(() => 1e4),
    ),
    series('foreshock_container_log_limit_bytes', web, 5e7),
    series('foreshock_container_writable_layer_bytes', web, 2e7),
    series('foreshock_container_writable_layer_inodes', web, 400),
    series(
      'foreshock_container_writable_layer_scan_timestamp_seconds',
      web,
      (second, start) => start + second - (second % 60),
    ),
    series('foreshock_zombie_processes', { ...web, cgroup: '' }, 0),
    series('foreshock_container_pids_limit_hits_total', web, 0),
    ...['some', 'full'].map((kind) => series('foreshock_container_memory_pressure_seconds_total', { ...web, kind }, 0)),
    ...['mount', 'scope', 'service'].map((type) =>
      series('foreshock_systemd_transient_units', { ...labels, type }, 30),
    ),
    ...['kubelet', 'containerd'].flatMap((daemon) => [
      series(
        'foreshock_daemon_blocked_seconds_total',
        { ...labels, daemon },
        counting(() => 0.002),
      ),
      series('foreshock_daemon_longest_block_seconds', { ...labels, daemon }, 0.05),
      series(
        'foreshock_daemon_run_delay_seconds_total',
        { ...labels, daemon },
        counting(() => 0.01),
      ),
    ]),
    series(
      'foreshock_kswapd_cpu_seconds_total',
      labels,
      counting(() => 0.001),
    ),
    ...['kswapd', 'direct'].flatMap((by) => [
      series(
        'foreshock_reclaim_scanned_pages_total',
        { ...labels, by },
        counting(() => (by === 'kswapd' ? 10 : 0)),
      ),
      series(
        'foreshock_reclaim_stolen_pages_total',
        { ...labels, by },
        counting(() => (by === 'kswapd' ? 9 : 0)),
      ),
    ]),
    series(
      'foreshock_workingset_refaults_total',
      { ...labels, type: 'file' },
      counting(() => 1),
    ),
    series('foreshock_allocation_stalls_total', labels, 0),
    series('foreshock_kubelet_eviction_threshold_ratio', { ...labels, signal: 'imagefs.available' }, 0.15),
    series('foreshock_kubelet_eviction_threshold_ratio', { ...labels, signal: 'nodefs.available' }, 0.1),
    series('foreshock_kubelet_eviction_threshold_bytes', { ...labels, signal: 'memory.available' }, 104857600),
    ...SETTING_FIELDS.map((setting) =>
      series('foreshock_kubelet_setting_info', { ...labels, setting, source: 'assumed' }, 1),
    ),
    series('foreshock_runtime_up', { ...labels, runtime: 'containerd' }, 1),
    series('foreshock_runtime_ping_duration_seconds', { ...labels, runtime: 'containerd' }, 0.002),
    ...ofMetric(memory.readDuration, { ...labels, cgroup: '/' }, span, 60, 0.01),
    ...ofMetric(kubeletEndpoints.duration, { ...labels, endpoint: '/healthz' }, span, 15, 0.003),
  ];
}

/** The metrics of `foreshock cluster` about a node. */
export function clusterRole(node: string, span: Span): [string, Course][] {
  const labels = { ...nodeLabels(node), job: 'foreshock', instance: '10.0.9.9:10777' };
  const target = { cluster: CLUSTER, job: 'foreshock', instance: '10.0.9.9:10777' };
  const zero = (name: string, more: Labels = {}) => series(name, { ...labels, ...more }, 0);
  const conditions = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'];
  return [
    series('up', target, 1),
    ...watchers.flatMap(({ name }) => selfOf(name, target)),
    series(
      'foreshock_kubelet_lease_renew_timestamp_seconds',
      labels,
      (second, start) => start + second - (second % 10),
    ),
    series(
      'foreshock_kubelet_status_patch_timestamp_seconds',
      labels,
      (second, start) => start + second - (second % 300),
    ),
    series('foreshock_kubelet_status_patch_lag_seconds', labels, 0.2),
    ...ofMetric(heartbeats.renewInterval, labels, span, 10, 10),
    ...ofMetric(heartbeats.patchInterval, labels, span, 300, 300),
    ...conditions.flatMap((condition) =>
      ['True', 'False', 'Unknown'].map((status) =>
        zero('foreshock_node_condition_transitions_total', { condition, status }),
      ),
    ),
    ...REASONS.map((reason) => zero('foreshock_node_events_total', { reason })),
    zero('foreshock_image_gc_failures_total'),
    zero('foreshock_image_pulls_in_flight'),
    ...ofMetric(pulls.duration, labels, span, 3600, 4),
    ...ofMetric(pulls.wait, labels, span, 3600, 0),
    ...ofMetric(pods.lag, labels, span, 600, 1),
    series('foreshock_images', labels, 30),
    zero('foreshock_local_only_images'),
    zero('foreshock_local_only_image_bytes'),
    ...['true', 'false'].map((local_only) => zero('foreshock_images_removed_total', { local_only })),
    series('foreshock_unused_image_bytes', labels, 6e9),
  ];
}

function selfOf(collector: string, labels: Labels): [string, Course][] {
  return [
    series('foreshock_collector_success', { ...labels, collector }, 1),
    series(
      'foreshock_collector_last_success_timestamp_seconds',
      { ...labels, collector },
      (second, start) => start + second,
    ),
    series('foreshock_collector_timeouts_total', { ...labels, collector }, 0),
  ];
}
