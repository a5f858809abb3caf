import { healthyNode } from './healthy-node.ts';
import { type Replay, SICK } from './replay.ts';
import { type Course, counting, series, through } from './series.ts';
import { CLUSTER, instanceOf, nodeLabels } from './targets.ts';

const MINUTE = 60;
const MINUTES = 75;
const NODE = nodeLabels(SICK);
const NODE_EXPORTER = { cluster: CLUSTER, job: 'node-exporter', instance: instanceOf(SICK, 9100) };
const KUBELET = { cluster: CLUSTER, job: 'kubelet', instance: instanceOf(SICK, 10250) };
const MONGO = { namespace: 'shop', pod: 'mongo-0', container: 'mongod' };

/**
 * The story has pictures without numbers: RAM "near the end", then a jump, and the node stops answering. Here 32 GB fall
 * to 4 % available in 10 min and stay there for 8, until the big task comes; one minute later nothing is scraped, and
 * someone resets the node 25 minutes after that.
 */
const JUMP = 20 * MINUTE;
const SILENT = JUMP + MINUTE;
const RESET = 46 * MINUTE;
/** The kubelet starts the exporter, so it is back before it. */
const RESTARTED = RESET - 20;

const available = through([0, 9.6e9], [2 * MINUTE, 9.6e9], [12 * MINUTE, 1.3e9], [JUMP, 1.28e9], [JUMP + 15, 0.25e9]);
const thrashes = (second: number) => second >= JUMP && second < RESET;
const isSilent = (second: number) => second > SILENT && second < RESET;
const afterReset = (course: Course, healthy: number): Course => {
  return (second, start) => (second < RESET ? course(second, start) : healthy);
};

/** What is scraped from the node itself; the cluster role and kube-state-metrics run elsewhere. */
function onNode([key, course]: readonly [string, Course]): [string, Course][] {
  if (/instance="10\.0\.9\./.test(key)) return [];
  return [
    [key, (second, start) => (isSilent(second) ? (key.startsWith('up{') ? 0 : undefined) : course(second, start))],
  ];
}

const sick: [string, Course][] = [
  series('node_memory_MemAvailable_bytes', NODE_EXPORTER, afterReset(available, 20e9)),
  series(
    'foreshock_memory_above_low_watermark_bytes',
    NODE,
    afterReset(through([12 * MINUTE, 3e8], [JUMP, 1e8], [JUMP + 15, -3e7]), 8e9),
  ),
  series(
    'container_memory_working_set_bytes',
    { ...KUBELET, metrics_path: '/metrics/cadvisor', ...MONGO },
    afterReset(through([0, 20e9], [12 * MINUTE, 27e9]), 4e9),
  ),
  series(
    'foreshock_container_memory_pressure_seconds_total',
    { ...NODE, ...MONGO, kind: 'some' },
    counting((second) => (thrashes(second) ? 0.95 : 0)),
  ),
  series(
    'foreshock_kswapd_cpu_seconds_total',
    NODE,
    counting((second) => (thrashes(second) ? 0.97 : 0.01)),
  ),
  // 200 MB/s from the disk, all of it reclaimed before.
  series(
    'foreshock_workingset_refaults_total',
    { ...NODE, type: 'file' },
    counting((second) => (thrashes(second) ? 50_000 : 20)),
  ),
  ...['kswapd', 'direct'].flatMap((by) => [
    series(
      'foreshock_reclaim_scanned_pages_total',
      { ...NODE, by },
      counting((second) => (thrashes(second) ? 200_000 : 50)),
    ),
    series(
      'foreshock_reclaim_stolen_pages_total',
      { ...NODE, by },
      counting((second) => (thrashes(second) ? 26_000 : 45)),
    ),
  ]),
  series(
    'foreshock_allocation_stalls_total',
    NODE,
    counting((second) => (thrashes(second) ? 300 : 0)),
  ),
];

export const reclaimThrash: Replay = {
  id: '002-5',
  signature: 'reclaim-thrash',
  title: 'memory is nearly full, a task of MongoDB takes the rest, and the node stops answering',
  minutes: MINUTES,
  sick: [
    ...[...new Map([...healthyNode(SICK, { seconds: MINUTES * MINUTE }), ...sick])].flatMap(onNode),
    series(
      'foreshock_kubelet_lease_renew_timestamp_seconds',
      { ...NODE, job: 'foreshock', instance: '10.0.9.9:10777' },
      (second, start) => start + (second > SILENT && second < RESTARTED ? SILENT : second - (second % 10)),
    ),
  ],
  expected: [
    { alert: 'ForeshockMemoryNearWatermark', from: 17, to: 27 },
    { alert: 'ForeshockReclaimThrash', from: 21, to: 32 },
    { alert: 'ForeshockNodeVanishedUnderMemoryPressure', from: 23, to: 61 },
    { alert: 'ForeshockExporterDown', from: 32, to: 46 },
  ],
  inhibited: ['ForeshockMemoryNearWatermark', 'ForeshockExporterDown'],
};
