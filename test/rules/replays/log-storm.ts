import * as heartbeats from '../../../exporter/cluster/watchers/heartbeats.ts';
import { type Replay, SICK } from './replay.ts';
import { between, type Course, counting, histogram, series } from './series.ts';
import { CLUSTER, instanceOf, nodeLabels } from './targets.ts';

const MINUTE = 60;
const MINUTES = 60;

const NODE = nodeLabels(SICK);
/** The container of the story, whose json log has no size limit. */
const JAVA = { ...NODE, namespace: 'shop', pod: 'orders-7d4f', container: 'java' };
const API = { ...NODE, job: 'foreshock', instance: '10.0.9.9:10777' };
const DISK = { cluster: CLUSTER, job: 'node-exporter', instance: instanceOf(SICK, 9100), device: 'vda' };
const CADVISOR = {
  cluster: CLUSTER,
  job: 'kubelet',
  instance: instanceOf(SICK, 10250),
  metrics_path: '/metrics/cadvisor',
};
const KUBE_STATE_METRICS = { ...NODE, job: 'kube-state-metrics', instance: '10.0.9.8:8080' };

/** Minutes 10 to 30; how long bursts lasted the story does not say. */
const STORM = [10 * MINUTE, 30 * MINUTE] as const;
const inStorm = (storm: number, otherwise: number) => between(...STORM, storm, otherwise);

/** As pidstat showed it: 59,776 kB/s for three minutes, then 14,500 kB/s. */
const logRate = (second: number) =>
  (second < 13 * MINUTE ? inStorm(59_776_000, 20_000) : inStorm(14_500_000, 20_000))(second);
const logged = counting(logRate);
const growing =
  (from: number, by: 1 | -1): Course =>
  (second) =>
    from + by * (logged(second, 0) ?? 0);

/** Gaps between heartbeats from a minute on, in seconds, as the logs of the API server and the controller show them, one after the other. */
const GAPS = [
  [12, 63],
  [14, 89],
  [17, 34],
  [20, 101],
  [23, 45],
  [26, 125],
] as const;

/** The last heartbeat of this second: every 10 s, but none within a gap. */
function heartbeatBefore(second: number): number {
  const gap = GAPS.find(([minute, seconds]) => second >= minute * MINUTE && second < minute * MINUTE + seconds);
  return gap ? gap[0] * MINUTE : second - (second % 10);
}

/** When a heartbeat came, and how long after the one before. */
const renewals = Array.from({ length: MINUTES * MINUTE }, (_, second) => second)
  .filter((second) => second > 0 && heartbeatBefore(second) > heartbeatBefore(second - 1))
  .map((at) => ({ at, value: at - heartbeatBefore(at - 1) }));

/** Unknown from 40 s after the last heartbeat on. */
const isUnknown = (second: number) => second - heartbeatBefore(second) > 40;
const lost = GAPS.filter(([, seconds]) => seconds > 40);
const transitions = {
  Unknown: lost.map(([minute]) => minute * MINUTE + 41),
  True: lost.map(([minute, seconds]) => minute * MINUTE + seconds),
};

export const logStorm: Replay = {
  id: '004',
  signature: 'log-storm',
  title: 'a container logs 60 MB/s, the disk hangs, the kubelet is late; the disk of 500 GB is assumed',
  minutes: MINUTES,
  sick: [
    series('foreshock_container_log_written_bytes_total', JAVA, logged),
    series('foreshock_container_log_bytes', JAVA, growing(12e9, 1)),
    series('foreshock_container_log_limit_bytes', JAVA, Infinity),
    series('foreshock_container_writable_layer_bytes', JAVA, 4e7),
    series('foreshock_image_filesystem_size_bytes', NODE, 500e9),
    series('foreshock_image_filesystem_available_bytes', NODE, growing(250e9, -1)),
    // w_await 5 to 20 s at 11 to 31 writes a second, %util 100.
    series('node_disk_writes_completed_total', DISK, counting(inStorm(15, 20))),
    series('node_disk_write_time_seconds_total', DISK, counting(inStorm(15 * 11.5, 20 * 0.003))),
    series('node_disk_io_time_seconds_total', DISK, counting(inStorm(1, 0.02))),
    series('foreshock_daemon_blocked_seconds_total', { ...NODE, daemon: 'kubelet' }, counting(inStorm(0.8, 0.002))),
    series(
      'foreshock_daemon_longest_block_seconds',
      { ...NODE, daemon: 'kubelet' },
      between(11 * MINUTE, 34 * MINUTE, 12, 0.05),
    ),
    series('scrape_duration_seconds', CADVISOR, inStorm(11, 0.2)),
    series('foreshock_kubelet_lease_renew_timestamp_seconds', API, (second, start) => start + heartbeatBefore(second)),
    ...histogram(heartbeats.renewInterval.name, API, heartbeats.renewInterval.buckets ?? [], renewals),
    series('foreshock_kubelet_status_patch_timestamp_seconds', API, (second, start) => start + heartbeatBefore(second)),
    ...histogram(heartbeats.patchInterval.name, API, heartbeats.patchInterval.buckets ?? [], renewals),
    // GET and PATCH were 65 s apart.
    series('foreshock_kubelet_status_patch_lag_seconds', API, between(13 * MINUTE, 31 * MINUTE, 65, 0.2)),
    ...Object.entries(transitions).map(([status, moments]) =>
      series(
        'foreshock_node_condition_transitions_total',
        { ...API, condition: 'Ready', status },
        (second) => moments.filter((at) => at <= second).length,
      ),
    ),
    ...['true', 'unknown'].map((status) =>
      series('kube_node_status_condition', { ...KUBE_STATE_METRICS, condition: 'Ready', status }, (second) =>
        isUnknown(second) === (status === 'unknown') ? 1 : 0,
      ),
    ),
  ],
  expected: [
    { alert: 'ForeshockContainerLogStorm', from: 12 },
    { alert: 'ForeshockKubeletBlocked', from: 12, to: 44 },
    { alert: 'ForeshockKubeletHeartbeatLate', from: 13, to: 49 },
    { alert: 'ForeshockStatusPatchLate', from: 13, to: 51 },
    { alert: 'ForeshockCadvisorSlow', from: 15, to: 30 },
    { alert: 'ForeshockContainerLogUnbounded', from: 15 },
    { alert: 'ForeshockNodeReadinessFlapping', from: 15, to: 54 },
    { alert: 'ForeshockNodeDiskStall', from: 17, to: 36 },
    { alert: 'ForeshockContainerLogRateHigh', from: 21, to: 34 },
  ],
  inhibited: [
    'ForeshockKubeletBlocked',
    'ForeshockKubeletHeartbeatLate',
    'ForeshockStatusPatchLate',
    'ForeshockCadvisorSlow',
    'ForeshockContainerLogUnbounded',
    'ForeshockNodeReadinessFlapping',
    'ForeshockNodeDiskStall',
    'ForeshockContainerLogRateHigh',
  ],
};
