import { CLUSTER, instanceOf, nodeLabels } from './healthy-node.ts';
import { type Replay, SICK } from './replay.ts';
import { between, counting, series, through } from './series.ts';

const MINUTE = 60;

/** The container of the story, whose json log nothing bounds. */
const JAVA = { ...nodeLabels(SICK), namespace: 'shop', pod: 'orders-7d4f', container: 'java' };
const NODE_EXPORTER = { cluster: CLUSTER, job: 'node-exporter', instance: instanceOf(SICK, 9100) };

/** It logs 60 MB/s for 20 minutes, as pidstat showed (59,776 kB/s); how long bursts lasted the story does not say. */
const storm = between(10 * MINUTE, 30 * MINUTE, 1, 0);

/** Gaps between heartbeats in seconds, as the API server's and the controller's logs show them, one after the other. */
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

export const logStorm: Replay = {
  id: '004',
  signature: 'log-storm',
  title: 'a container logs 60 MB/s, the disk hangs, the kubelet is late',
  minutes: 60,
  sick: [
    series(
      'foreshock_container_log_written_bytes_total',
      JAVA,
      counting((second) => (storm(second) ? 59_776_000 : 20_000)),
    ),
    series('foreshock_container_log_bytes', JAVA, through([0, 12e9], [600, 12e9], [1800, 12e9 + 20 * 60 * 59_776_000])),
    series('foreshock_container_log_limit_bytes', JAVA, Infinity),
    // w_await 5 to 20 s at 11 to 31 writes a second, %util 100.
    series(
      'node_disk_writes_completed_total',
      { ...NODE_EXPORTER, device: 'vda' },
      counting((second) => (storm(second) ? 15 : 20)),
    ),
    series(
      'node_disk_write_time_seconds_total',
      { ...NODE_EXPORTER, device: 'vda' },
      counting((second) => (storm(second) ? 15 * 11.5 : 20 * 0.003)),
    ),
    series(
      'node_disk_io_time_seconds_total',
      { ...NODE_EXPORTER, device: 'vda' },
      counting((second) => (storm(second) ? 1 : 0.02)),
    ),
    series(
      'foreshock_daemon_blocked_seconds_total',
      { ...nodeLabels(SICK), daemon: 'kubelet' },
      counting((second) => (storm(second) ? 0.8 : 0.002)),
    ),
    series(
      'foreshock_daemon_longest_block_seconds',
      { ...nodeLabels(SICK), daemon: 'kubelet' },
      between(11 * MINUTE, 34 * MINUTE, 12, 0.05),
    ),
    series(
      'foreshock_kubelet_lease_renew_timestamp_seconds',
      { ...nodeLabels(SICK), job: 'foreshock', instance: '10.0.9.9:10777' },
      (second, start) => start + heartbeatBefore(second),
    ),
  ],
  expected: [
    { alert: 'ForeshockContainerLogStorm', from: 12 },
    { alert: 'ForeshockKubeletBlocked', from: 12, to: 44 },
    { alert: 'ForeshockKubeletHeartbeatLate', from: 13, to: 49 },
    { alert: 'ForeshockContainerLogUnbounded', from: 15 },
    { alert: 'ForeshockNodeDiskStall', from: 17, to: 36 },
    { alert: 'ForeshockContainerLogRateHigh', from: 21, to: 35 },
  ],
  inhibited: [
    'ForeshockKubeletBlocked',
    'ForeshockKubeletHeartbeatLate',
    'ForeshockContainerLogUnbounded',
    'ForeshockNodeDiskStall',
    'ForeshockContainerLogRateHigh',
  ],
};
