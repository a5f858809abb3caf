import { type Course, counting, every, histogram, series } from './series.ts';
import { CLUSTER, instanceOf, type Span, WEB } from './targets.ts';

/** The metrics of node_exporter. */
export function nodeExporter(node: string): [string, Course][] {
  const labels = { cluster: CLUSTER, job: 'node-exporter', instance: instanceOf(node, 9100) };
  const disk = { ...labels, device: 'vda' };
  const root = { ...labels, mountpoint: '/', fstype: 'ext4', device: '/dev/vda1' };
  return [
    series('up', labels, 1),
    series('node_uname_info', { ...labels, nodename: node }, 1),
    series('node_boot_time_seconds', labels, (_, start) => start - 86400),
    series(
      'node_disk_writes_completed_total',
      disk,
      counting(() => 20),
    ),
    series(
      'node_disk_write_time_seconds_total',
      disk,
      counting(() => 20 * 0.003),
    ),
    series(
      'node_disk_reads_completed_total',
      disk,
      counting(() => 5),
    ),
    series(
      'node_disk_read_time_seconds_total',
      disk,
      counting(() => 5 * 0.002),
    ),
    series(
      'node_disk_io_time_seconds_total',
      disk,
      counting(() => 0.02),
    ),
    series('node_filesystem_size_bytes', root, 60e9),
    series('node_filesystem_avail_bytes', root, 30e9),
    series('node_memory_MemTotal_bytes', labels, 32e9),
    series('node_memory_MemAvailable_bytes', labels, 16e9),
    series('node_memory_SwapTotal_bytes', labels, 0),
    series('node_memory_SwapFree_bytes', labels, 0),
    series(
      'node_pressure_io_waiting_seconds_total',
      labels,
      counting(() => 0.01),
    ),
    series(
      'node_pressure_memory_waiting_seconds_total',
      labels,
      counting(() => 0.001),
    ),
    series('node_pressure_memory_stalled_seconds_total', labels, 0),
    series('node_load1', labels, 1),
  ];
}

/** The metrics of kube-state-metrics about a node. */
export function kubeStateMetrics(node: string): [string, Course][] {
  const labels = { cluster: CLUSTER, job: 'kube-state-metrics', instance: '10.0.9.8:8080', node };
  const [address = ''] = instanceOf(node, 0).split(':');
  const healthy: Record<string, string> = {
    Ready: 'true',
    MemoryPressure: 'false',
    DiskPressure: 'false',
    PIDPressure: 'false',
  };
  return [
    series('kube_node_info', { ...labels, internal_ip: address }, 1),
    series('kube_node_spec_unschedulable', labels, 0),
    ...Object.entries(healthy).flatMap(([condition, is]) =>
      ['true', 'false', 'unknown'].map((status) =>
        series('kube_node_status_condition', { ...labels, condition, status }, status === is ? 1 : 0),
      ),
    ),
  ];
}

/** Buckets of the kubelet's histograms that rules read (k8s.io/component-base/metrics/prometheus/restclient). */
export const RATE_LIMITER_BUCKETS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60];

/** The metrics of the kubelet, on /metrics and /metrics/cadvisor. */
export function kubelet(node: string, span: Span): [string, Course][] {
  const labels = { cluster: CLUSTER, job: 'kubelet', instance: instanceOf(node, 10250), metrics_path: '/metrics' };
  const cadvisor = { ...labels, metrics_path: '/metrics/cadvisor' };
  return [
    series('up', labels, 1),
    series('up', cadvisor, 1),
    series('scrape_duration_seconds', labels, 0.05),
    series('scrape_duration_seconds', cadvisor, 0.2),
    series('kubelet_node_name', { ...labels, node }, 1),
    series('process_start_time_seconds', labels, (_, start) => start - 86400),
    series(
      'process_cpu_seconds_total',
      labels,
      counting(() => 0.08),
    ),
    series('process_resident_memory_bytes', labels, 8e7),
    series('container_memory_working_set_bytes', { ...cadvisor, ...WEB }, 4e8),
    series('container_threads', { ...cadvisor, ...WEB }, 40),
    ...histogram(
      'rest_client_rate_limiter_duration_seconds',
      { ...labels, verb: 'GET', host: '10.0.9.1:6443' },
      RATE_LIMITER_BUCKETS,
      every(10, 0.001, span.seconds),
    ),
  ];
}
