import { imageGcWanted } from '../../../exporter/node/kubelet/image-gc.ts';
import { type Replay, SICK } from './replay.ts';
import { between, series } from './series.ts';
import { nodeLabels } from './targets.ts';

const MINUTE = 60;
const NODE = nodeLabels(SICK);
const API = { ...NODE, job: 'foreshock', instance: '10.0.9.9:10777' };

/** A volume of 60 GiB with ext4 on it: at this size the kubelet wants the story's bytes just as 90 % are reached. */
const SIZE = 63_300_000_000;
const WANTED = 5_766_938_624;
const THRESHOLDS = { highPercent: 90, lowPercent: 80 };

/** The collection, which lasted 5 min and deleted 8 images. */
const START = 120 * MINUTE;
const END = START + 5 * MINUTE;
const IMAGES = 8;

/** Where it began. */
const AVAILABLE = SIZE * 0.2 - WANTED;

/** Bytes a second that a container writes before; the story does not say how fast the disk filled up. */
const GROWTH = 230_000;

const images = (second: number) =>
  Math.floor((IMAGES * Math.min(Math.max(0, second - START), END - START)) / (END - START));

const available = (second: number) => AVAILABLE + GROWTH * (START - second) + (images(second) * WANTED) / IMAGES;

/** No heartbeats from the start of the collection to its end. */
const heartbeat = (second: number) => (second >= START && second < END + 20 ? START : second - (second % 10));

/** A container that fills the disk, in a layer that is not large yet. */
const BUILDER = { ...NODE, namespace: 'ci', pod: 'builder-0', container: 'builder' };

export const imageGcStall: Replay = {
  id: '000',
  signature: 'image-gc-stall',
  title:
    'at 90 % of 60 GB the kubelet deletes 8 images in 5 min and is silent meanwhile; a slow growth before is assumed',
  minutes: 180,
  sick: [
    series('foreshock_image_filesystem_size_bytes', NODE, SIZE),
    series('foreshock_image_filesystem_available_bytes', NODE, available),
    series('foreshock_image_gc_wanted_bytes', NODE, (second) =>
      imageGcWanted({ size: SIZE, available: Math.floor(available(second)) }, THRESHOLDS),
    ),
    series('foreshock_kubelet_image_gc_high_threshold_ratio', NODE, 0.9),
    series('foreshock_kubelet_image_gc_low_threshold_ratio', NODE, 0.8),
    // Kubernetes 1.4 evicted no pods to free image space unless configured to.
    series('foreshock_kubelet_eviction_threshold_ratio', { ...NODE, signal: 'imagefs.available' }, () => undefined),
    series('foreshock_images', NODE, (second) => 60 - images(second)),
    series('foreshock_container_writable_layer_bytes', BUILDER, (second) => 1e8 + 1e5 * second),
    series('foreshock_container_log_bytes', BUILDER, 1e6),
    series('foreshock_kubelet_lease_renew_timestamp_seconds', API, (second, start) => start + heartbeat(second)),
    series('foreshock_kubelet_status_patch_timestamp_seconds', API, (second, start) => start + heartbeat(second)),
    series(
      'foreshock_node_condition_transitions_total',
      { ...API, condition: 'Ready', status: 'Unknown' },
      between(START + 41, Infinity, 1, 0),
    ),
    series(
      'foreshock_node_condition_transitions_total',
      { ...API, condition: 'Ready', status: 'True' },
      between(END + 20, Infinity, 1, 0),
    ),
    // The cluster role sees the new node status only when the kubelet has recovered.
    series('foreshock_images', API, between(0, END + 20, 50, 42)),
    series('foreshock_unused_image_bytes', API, between(0, END + 20, 9e9, 9e9 - WANTED)),
    series('foreshock_images_removed_total', { ...API, local_only: 'false' }, between(END + 20, Infinity, IMAGES, 0)),
  ],
  expected: [
    { alert: 'ForeshockImageGCImminent', from: 46, to: 122 },
    { alert: 'ForeshockImageGCStall', from: 121, to: 151 },
    { alert: 'ForeshockKubeletHeartbeatLate', from: 121, to: 146 },
  ],
  inhibited: ['ForeshockKubeletHeartbeatLate'],
};
