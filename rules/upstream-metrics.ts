import type { MetricType } from '../exporter/exposition/metric.ts';
import type { Settings } from './settings.ts';

export type Upstream = Exclude<keyof Settings['selectors'], 'foreshock'>;

/** The exporters of other projects whose metrics rules and dashboards use. */
export const UPSTREAM: Readonly<Record<Upstream, { readonly name: string; readonly remedy: string }>> = {
  node_exporter: {
    name: 'node_exporter',
    remedy: 'run it on every node and scrape it (github.com/prometheus/node_exporter)',
  },
  kubelet: {
    name: 'the kubelet',
    remedy: 'scrape /metrics and /metrics/cadvisor of every node, port 10250',
  },
  kube_state_metrics: {
    name: 'kube-state-metrics',
    remedy: 'optional: run and scrape it (github.com/kubernetes/kube-state-metrics)',
  },
};

/** A metric of another project that rules and dashboards use. */
export interface UpstreamMetric {
  readonly source: Upstream;
  readonly type: MetricType;
  /** Its own labels and the usual ones of its target, except `cluster`, `instance` and `job`. */
  readonly labels: readonly string[];
  /** Matchers that a series must meet in addition. */
  readonly where?: string;
  /** Whether other programs export it too, so that its series do not reveal the name of a job. */
  readonly common?: true;
  /** Whether rules use it only where another metric is missing. */
  readonly fallback?: true;
  /** What to enable where only this metric is missing. */
  readonly remedy?: string;
}

function nodeExporter(type: MetricType, labels: readonly string[], collector: string): UpstreamMetric {
  const remedy = `enable this collector of node_exporter: --collector.${collector} (on by default where the kernel supports it)`;
  return { source: 'node_exporter', type, labels, remedy };
}

function kubelet(type: MetricType, labels: readonly string[]): UpstreamMetric {
  return { source: 'kubelet', type, labels: [...labels, 'node', 'metrics_path'] };
}

function kubeState(labels: readonly string[]): UpstreamMetric {
  const remedy =
    'kube-state-metrics does not export it: check its --resources, --metric-allowlist and --metric-denylist';
  return { source: 'kube_state_metrics', type: 'gauge', labels, remedy };
}

const DISK = ['device'];
const FILE_SYSTEM = ['device', 'fstype', 'mountpoint'];
const CONTAINER = ['namespace', 'pod', 'container', 'id', 'image', 'name'];
const POD = ['namespace', 'pod', 'uid'];

/** By name; histograms without suffix. Sources: /metrics of node_exporter 1.8, kubelet 1.31, kube-state-metrics 2.13. */
export const UPSTREAM_METRICS: Readonly<Record<string, UpstreamMetric>> = {
  node_boot_time_seconds: nodeExporter('gauge', [], 'stat'),
  node_cpu_seconds_total: nodeExporter('counter', ['cpu', 'mode'], 'cpu'),
  node_disk_io_time_seconds_total: nodeExporter('counter', DISK, 'diskstats'),
  node_disk_io_time_weighted_seconds_total: nodeExporter('counter', DISK, 'diskstats'),
  node_disk_read_bytes_total: nodeExporter('counter', DISK, 'diskstats'),
  node_disk_read_time_seconds_total: nodeExporter('counter', DISK, 'diskstats'),
  node_disk_reads_completed_total: nodeExporter('counter', DISK, 'diskstats'),
  node_disk_write_time_seconds_total: nodeExporter('counter', DISK, 'diskstats'),
  node_disk_writes_completed_total: nodeExporter('counter', DISK, 'diskstats'),
  node_disk_written_bytes_total: nodeExporter('counter', DISK, 'diskstats'),
  node_filesystem_avail_bytes: nodeExporter('gauge', FILE_SYSTEM, 'filesystem'),
  node_filesystem_files: nodeExporter('gauge', FILE_SYSTEM, 'filesystem'),
  node_filesystem_files_free: nodeExporter('gauge', FILE_SYSTEM, 'filesystem'),
  node_filesystem_size_bytes: nodeExporter('gauge', FILE_SYSTEM, 'filesystem'),
  node_load1: nodeExporter('gauge', [], 'loadavg'),
  node_load5: nodeExporter('gauge', [], 'loadavg'),
  node_memory_MemAvailable_bytes: nodeExporter('gauge', [], 'meminfo'),
  node_memory_MemFree_bytes: nodeExporter('gauge', [], 'meminfo'),
  node_memory_MemTotal_bytes: nodeExporter('gauge', [], 'meminfo'),
  node_memory_SwapFree_bytes: nodeExporter('gauge', [], 'meminfo'),
  node_memory_SwapTotal_bytes: nodeExporter('gauge', [], 'meminfo'),
  node_pressure_cpu_waiting_seconds_total: nodeExporter('counter', [], 'pressure'),
  node_pressure_io_stalled_seconds_total: nodeExporter('counter', [], 'pressure'),
  node_pressure_io_waiting_seconds_total: nodeExporter('counter', [], 'pressure'),
  node_pressure_memory_stalled_seconds_total: nodeExporter('counter', [], 'pressure'),
  node_pressure_memory_waiting_seconds_total: nodeExporter('counter', [], 'pressure'),
  node_textfile_mtime_seconds: nodeExporter('gauge', ['file'], 'textfile'),
  node_timex_offset_seconds: nodeExporter('gauge', [], 'timex'),
  node_uname_info: nodeExporter('gauge', ['node', 'nodename', 'machine', 'release', 'sysname', 'version'], 'uname'),
  node_vmstat_oom_kill: nodeExporter('counter', [], 'vmstat'),
  node_vmstat_pgmajfault: nodeExporter('counter', [], 'vmstat'),

  container_cpu_usage_seconds_total: kubelet('counter', [...CONTAINER, 'cpu']),
  container_fs_usage_bytes: kubelet('gauge', [...CONTAINER, 'device']),
  container_fs_writes_bytes_total: kubelet('counter', [...CONTAINER, 'device']),
  container_memory_working_set_bytes: kubelet('gauge', CONTAINER),
  container_threads: kubelet('gauge', CONTAINER),
  kubelet_evictions: kubelet('counter', ['eviction_signal']),
  kubelet_image_garbage_collected_total: kubelet('counter', ['reason']),
  kubelet_node_name: { ...kubelet('gauge', []), fallback: true },
  kubelet_pleg_relist_duration_seconds: kubelet('histogram', []),
  kubelet_pod_status_sync_duration_seconds: kubelet('histogram', []),
  kubelet_pod_worker_duration_seconds: kubelet('histogram', ['operation_type']),
  kubelet_runtime_operations_duration_seconds: kubelet('histogram', ['operation_type']),
  kubelet_runtime_operations_errors_total: kubelet('counter', ['operation_type']),
  machine_memory_bytes: { ...kubelet('gauge', ['boot_id', 'machine_id', 'system_uuid']), fallback: true },
  process_cpu_seconds_total: { ...kubelet('counter', []), common: true },
  process_resident_memory_bytes: { ...kubelet('gauge', []), common: true },
  process_start_time_seconds: { ...kubelet('gauge', []), common: true },
  rest_client_rate_limiter_duration_seconds: { ...kubelet('histogram', ['verb', 'host', 'url']), common: true },
  rest_client_requests_total: { ...kubelet('counter', ['code', 'method', 'host']), common: true },
  scrape_duration_seconds: {
    ...kubelet('gauge', []),
    where: 'metrics_path="/metrics/cadvisor"',
    common: true,
    remedy: 'scrape /metrics/cadvisor in the same job, and relabel `__metrics_path__` to `metrics_path`',
  },

  kube_node_created: kubeState(['node']),
  kube_node_info: kubeState(['node', 'internal_ip', 'container_runtime_version', 'kubelet_version', 'os_image']),
  kube_node_spec_unschedulable: kubeState(['node']),
  kube_node_status_condition: kubeState(['node', 'condition', 'status']),
  kube_pod_container_status_waiting_reason: kubeState([...POD, 'container', 'reason']),
  kube_pod_info: kubeState([...POD, 'node', 'host_ip', 'pod_ip', 'created_by_kind', 'created_by_name']),
  kube_pod_status_phase: kubeState([...POD, 'phase']),
};

/** The metric of a name in an expression, which for a histogram is that of its buckets, sum or count. */
export function upstreamMetric(name: string): UpstreamMetric | undefined {
  const histogram = name.replace(/_(bucket|sum|count)$/, '');
  const ofHistogram = UPSTREAM_METRICS[histogram]?.type === 'histogram' ? UPSTREAM_METRICS[histogram] : undefined;
  return UPSTREAM_METRICS[name] ?? ofHistogram;
}
