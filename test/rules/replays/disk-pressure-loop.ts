import { type Replay, SICK } from './replay.ts';
import { counting, series, through } from './series.ts';
import { nodeLabels } from './targets.ts';

const MINUTE = 60;
const NODE = nodeLabels(SICK);
const API = { ...NODE, job: 'foreshock', instance: '10.0.9.9:10777' };
const KUBE_STATE_METRICS = { ...NODE, job: 'kube-state-metrics', instance: '10.0.9.8:8080' };

/** Its log files of a day each, 4.9 GB in /log, are in the layer; the container log beside them is rotated at 10 × 100 MB. */
const GOING = { ...NODE, namespace: 'prod', pod: 'going-6b7f', container: 'going' };
const API_SERVER = { ...NODE, namespace: 'prod', pod: 'polaris-5d8c', container: 'polaris' };

/** The size of /data and its threshold of evictions the story leaves out; with these its wanted bytes come out. */
const SIZE = 100e9;
const EVICTION = 0.1;

/** 232 times in 11 days is one in 68 min; each lasts the 7 min that the events show, evictions freeing 1.9 GB. */
const FIRST = 75 * MINUTE;
const CYCLE = 68 * MINUTE;
const PRESSURE = 7 * MINUTE;
const MINUTES = 300;

const cycle = (second: number) => Math.floor((second - FIRST) / CYCLE);
const isPressed = (second: number) => second >= FIRST && (second - FIRST) % CYCLE < PRESSURE;
const pressures = (second: number) => Math.max(0, cycle(second) + 1);

/** How fast it came to that the story does not say either. */
const firstFill = through([0, 16.5e9], [FIRST, EVICTION * SIZE]);
const laterFill = through([0, EVICTION * SIZE], [MINUTE, 11_905_528_218], [CYCLE, EVICTION * SIZE]);
const available = (second: number) => (second < FIRST ? firstFill(second) : laterFill((second - FIRST) % CYCLE));

/** 5.0 GB in the end. */
const layer = through([0, 4.6e9], [MINUTES * MINUTE, 5_368_709_120]);

/** The kubelet's own arithmetic, with the thresholds 85 and 80 %. */
const wanted = (second: number) => (available(second) < 0.16 * SIZE ? 0.2 * SIZE - available(second) : 0);

/** It tries every 5 min, and fails each time. */
const failures = (second: number) => Math.max(0, Math.floor(second / 300) - 1);

export const diskPressureLoop: Replay = {
  id: '001',
  signature: 'disk-pressure-loop',
  title:
    'image collection wants 8 to 9 GB and frees nothing, DiskPressure every 68 min; size, thresholds and pace are assumed',
  minutes: MINUTES,
  sick: [
    series('foreshock_image_filesystem_size_bytes', NODE, SIZE),
    series('foreshock_image_filesystem_available_bytes', NODE, available),
    series('foreshock_image_gc_wanted_bytes', NODE, wanted),
    series('foreshock_kubelet_eviction_threshold_ratio', { ...NODE, signal: 'imagefs.available' }, EVICTION),
    series('foreshock_container_writable_layer_bytes', GOING, layer),
    series(
      'foreshock_container_writable_layer_directory_bytes',
      { ...GOING, directory: '/log' },
      (second) => layer(second) - 107_374_182,
    ),
    series('foreshock_container_writable_layer_directory_bytes', { ...GOING, directory: '/var' }, 2e7),
    series('foreshock_container_log_bytes', GOING, 1e9),
    series(
      'foreshock_container_log_written_bytes_total',
      GOING,
      counting(() => 150_000),
    ),
    series('foreshock_container_log_limit_bytes', GOING, 1e9),
    series('foreshock_container_writable_layer_bytes', API_SERVER, 1.2e9),
    series('foreshock_container_log_bytes', API_SERVER, 1e9),
    series(
      'foreshock_container_log_written_bytes_total',
      API_SERVER,
      counting(() => 80_000),
    ),
    series('foreshock_container_log_limit_bytes', API_SERVER, 1e9),
    series('foreshock_unused_image_bytes', API, 0),
    series('foreshock_image_gc_failures_total', API, failures),
    series('foreshock_node_events_total', { ...API, reason: 'FreeDiskSpaceFailed' }, failures),
    series('foreshock_image_gc_last_wanted_bytes', API, (second) =>
      failures(second) === 0 ? undefined : wanted(second - (second % 300)),
    ),
    series('foreshock_image_gc_last_freed_bytes', API, (second) => (failures(second) === 0 ? undefined : 0)),
    ...(['NodeHasDiskPressure', 'EvictionThresholdMet', 'Evicted'] as const).map((reason) =>
      series('foreshock_node_events_total', { ...API, reason }, pressures),
    ),
    series(
      'foreshock_node_condition_transitions_total',
      { ...API, condition: 'DiskPressure', status: 'True' },
      pressures,
    ),
    series(
      'foreshock_node_condition_transitions_total',
      { ...API, condition: 'DiskPressure', status: 'False' },
      (second) => pressures(second - PRESSURE),
    ),
    series(
      'kube_node_status_condition',
      { ...KUBE_STATE_METRICS, condition: 'DiskPressure', status: 'true' },
      (second) => (isPressed(second) ? 1 : 0),
    ),
    series(
      'kube_node_status_condition',
      { ...KUBE_STATE_METRICS, condition: 'DiskPressure', status: 'false' },
      (second) => (isPressed(second) ? 0 : 1),
    ),
  ],
  expected: [
    { alert: 'ForeshockImageGCCannotFree', from: 11 },
    { alert: 'ForeshockContainerWritableLayerLarge', from: 30 },
    { alert: 'ForeshockDiskPressureImminent', from: 36 },
    { alert: 'ForeshockDiskPressureLoop', from: 211 },
  ],
  inhibited: ['ForeshockImageGCCannotFree', 'ForeshockContainerWritableLayerLarge', 'ForeshockDiskPressureImminent'],
};
