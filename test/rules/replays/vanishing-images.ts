import { imageGcWanted } from '../../../exporter/node/kubelet/image-gc.ts';
import { type Replay, SICK } from './replay.ts';
import { between, series, through } from './series.ts';
import { nodeLabels } from './targets.ts';

const MINUTE = 60;
const NODE = nodeLabels(SICK);
const API = { ...NODE, job: 'foreshock', instance: '10.0.9.9:10777' };

/** /var of 7.0 GiB, k3s with Docker. */
const SIZE = 7_516_192_768;
const THRESHOLDS = { highPercent: 85, lowPercent: 80 };

/** What the kubelet said: wanted to free 311,382,016 bytes, but freed 573,253,440 bytes space with errors in image deletion. */
const WANTED = 311_382_016;
const FREED = 573_253_440;

/** The first images are built on a new node. */
const FIRST = 5 * MINUTE;

/** A build begins, ends, and its tests stop all services; the kubelet deletes two images; the services cannot start again. */
const BUILD = 70 * MINUTE;
const BUILT = 85 * MINUTE;
const DELETED = 88 * MINUTE;
const STARTED = 92 * MINUTE;

/** The kubelet says with its next status what is gone. */
const TOLD = 90 * MINUTE;

const filled = Math.floor(SIZE * 0.2) - WANTED;
const available = (second: number) =>
  second < DELETED ? through([BUILD, 2.6e9], [BUILT, filled])(second) : filled + FREED;

function localOnly(second: number): number {
  if (second < FIRST) return 0;
  if (second < BUILT) return 4;
  return second < DELETED ? 8 : 6;
}

export const vanishingImages: Replay = {
  id: '003',
  signature: 'vanishing-images',
  title:
    'on a /var of 7 GB the kubelet deletes images that were built there, and pods cannot start; the time of the build is assumed',
  minutes: 180,
  sick: [
    series('foreshock_image_filesystem_size_bytes', NODE, SIZE),
    series('foreshock_image_filesystem_available_bytes', NODE, available),
    series('foreshock_image_gc_wanted_bytes', NODE, (second) =>
      imageGcWanted({ size: SIZE, available: Math.floor(available(second)) }, THRESHOLDS),
    ),
    series('foreshock_images', NODE, (second) => (second < BUILT ? 20 : second < DELETED ? 24 : 22)),
    series('foreshock_local_only_images', NODE, localOnly),
    series('foreshock_local_only_image_bytes', NODE, (second) => localOnly(second) * 0.26e9),
    series('foreshock_local_only_images', API, (second) => localOnly(second < TOLD ? Math.min(second, BUILT) : second)),
    series('foreshock_images_removed_total', { ...API, local_only: 'true' }, between(TOLD, Infinity, 2, 0)),
    series('foreshock_unused_image_bytes', API, between(0, BUILT, 0.8e9, 2e9)),
    series('foreshock_image_gc_failures_total', API, between(DELETED, Infinity, 1, 0)),
    series('foreshock_node_events_total', { ...API, reason: 'ImageGCFailed' }, between(DELETED, Infinity, 1, 0)),
    series('foreshock_image_gc_last_wanted_bytes', API, (second) => (second < DELETED ? undefined : WANTED)),
    series('foreshock_image_gc_last_freed_bytes', API, (second) => (second < DELETED ? undefined : FREED)),
    // Events of the pod: Failed to pull image 4 times, BackOff 6 times, and Failed: ImagePullBackOff 43 times in 13 min.
    series('foreshock_node_events_total', { ...API, reason: 'FailedToPullImage' }, (second) =>
      second < STARTED ? 0 : Math.min(4, 1 + Math.floor((second - STARTED) / 30)),
    ),
    series('foreshock_node_events_total', { ...API, reason: 'ImagePullBackOff' }, (second) =>
      second < STARTED ? 0 : Math.min(49, Math.floor((second - STARTED) / 16)),
    ),
  ],
  expected: [
    { alert: 'ForeshockImageFilesystemTooSmall', from: 65 },
    { alert: 'ForeshockLocalOnlyImagesAtRisk', from: 79 },
    { alert: 'ForeshockLocalOnlyImagesRemoved', from: 90, to: 135 },
    { alert: 'ForeshockImagePullsFailAfterGC', from: 93, to: 131 },
  ],
  inhibited: ['ForeshockImagePullsFailAfterGC'],
};
