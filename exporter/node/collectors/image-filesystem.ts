import { imageMetrics } from '../../exposition/image-metrics.ts';
import { gauge, type Sample, sample } from '../../exposition/metric.ts';
import { type CollectorContext, defineCollector } from '../collector.ts';
import { dockerRootOption } from '../containers/docker-root-option.ts';
import { imageSize, imageStore, readImages } from '../images/docker-images.ts';
import { dockerImageDirectory, imageDirectory, kubeletRuntime } from '../images/filesystem.ts';
import { inspectKubelet, lookUpLocations, lookUpMounts } from '../inventory/lookups.ts';
import { endpointOf, withSources } from '../kubelet/configuration.ts';
import { imageGcWanted } from '../kubelet/image-gc.ts';
import { type ImageGcThresholds, readImageGcThresholds } from '../kubelet/settings.ts';
import { givenDataRoots } from '../locations/docker.ts';
import type { Location } from '../locations/location.ts';
import { pathsOf } from '../locations/ranking.ts';
import { tryRead } from '../report.ts';

export const size = gauge(
  'foreshock_image_filesystem_size_bytes',
  'Size in bytes of the filesystem that holds the images.',
);
export const available = gauge(
  'foreshock_image_filesystem_available_bytes',
  'Bytes available to non-root users on the filesystem that holds the images.',
);
export const wanted = gauge(
  'foreshock_image_gc_wanted_bytes',
  "Bytes of images that the kubelet's garbage collection would delete now; 0 below its threshold.",
);
export const { images, localOnly, localOnlyBytes } = imageMetrics();

/** Bytes of local-only images by id. */
type State = ReadonlyMap<string, number>;

const options = { 'docker-root': dockerRootOption };

type Context = CollectorContext<typeof options>;

export const imageFilesystem = defineCollector({
  name: 'image_filesystem',
  help: 'the space for images, what the kubelet would free of it, and local-only images of Docker',
  description:
    "Read once a minute. The filesystem is the one that holds the images of the kubelet's runtime, or those of " +
    "Docker if no kubelet runs (containerd's if it keeps Docker's images), as statfs(2) reports it. The bytes that would be " +
    "deleted follow the kubelet's own arithmetic; the kubelet collects every 5 minutes. Images are read from Docker's data root only, and counted as " +
    '`docker images` lists them: images without a name included, intermediate steps of a build not. Local-only ' +
    'images have a name but no digest: they were built, imported or loaded here, so as far as Docker knows none can ' +
    'be pulled again. Their sizes are those of `docker image inspect`.',
  metrics: [size, available, wanted, images, localOnly, localOnlyBytes],
  reads: { rootfs: 'all' },
  options,
  schedule: '50 * * * * *',
  timeoutSeconds: 10,

  collect(context, previous: State | undefined) {
    const { containers, absent } = context;
    const mounts = lookUpMounts(context);
    const locations = lookUpLocations(context);
    const collecting = readCollecting(context);
    const runtime = collecting ? kubeletRuntime(collecting.endpoint, locations, containers) : 'docker';
    const root = dockerRoot(context, locations);
    const directory =
      runtime === 'docker'
        ? root && dockerImageDirectory(context, root, locations, mounts.dockerSnapshotters)
        : imageDirectory(context, runtime, locations, mounts.snapshotters);
    if (directory === undefined) absent(`the images of ${runtime}`);
    const space = directory === undefined ? [] : spaceSamples(context, directory, collecting?.thresholds);
    const docker = root === undefined ? undefined : dockerImages(context, root, previous ?? new Map());
    return { samples: [...space, ...(docker?.samples ?? [])], state: docker?.sizes ?? new Map() };
  },
});

interface Collecting {
  readonly endpoint: string | undefined;
  readonly thresholds?: ImageGcThresholds;
}

/** What the kubelet collects, and when; undefined when there is no kubelet. */
function readCollecting(context: Context): Collecting | undefined {
  const { configuration, error } = inspectKubelet(context);
  if (!configuration) return error === undefined ? undefined : { endpoint: undefined };
  try {
    return { endpoint: endpointOf(configuration), thresholds: withSources(configuration, readImageGcThresholds) };
  } catch (error) {
    context.fault("the kubelet's configuration", error);
    return { endpoint: undefined };
  }
}

/** The first data root that has images, or else containers: with containerd's image store there need be no directory of images. */
function dockerRoot(context: Context, locations: readonly Location[]): string | undefined {
  const { host, options } = context;
  const given = options['docker-root'];
  const roots = given ? givenDataRoots(host, given) : pathsOf(locations, 'docker_root');
  const firstWith = (name: string) =>
    roots.find((root) => tryRead(context, root, () => host.rootfs.stat(`${root}/${name}`)));
  return firstWith('image') ?? firstWith('containers');
}

function spaceSamples({ host, progress }: Context, directory: string, thresholds?: ImageGcThresholds): Sample[] {
  progress(directory);
  const found = host.rootfs.statfs(directory);
  if (!found) return [];
  const space = { size: found.blocks * found.bsize, available: found.bavail * found.bsize };
  const wantedBytes = thresholds && imageGcWanted(space, thresholds);
  return [
    sample(size, space.size, {}),
    sample(available, space.available, {}),
    ...(wantedBytes === undefined ? [] : [sample(wanted, wantedBytes, {})]),
  ];
}

/** The size of an image never changes, so each is read once; while one of them is unknown, so is their sum. */
function dockerImages(context: Context, root: string, known: State) {
  const { host, absent } = context;
  const dataRoot = host.rootfs.subtree(root);
  const driver = imageStore(dataRoot);
  if (driver === undefined) {
    absent("images in Docker's own store");
    return undefined;
  }
  const store = dataRoot.subtree(driver);
  const found = tryRead(context, `${root}/${driver}`, () => readImages(store));
  if (!found) return undefined;
  const sizes = new Map<string, number>();
  for (const id of found.localOnlyIds) {
    const bytes = known.get(id) ?? tryRead(context, `${root}/${driver}, image ${id}`, () => imageSize(store, id));
    if (bytes !== undefined) sizes.set(id, bytes);
  }
  const total = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
  const samples = [
    sample(images, found.count, {}),
    sample(localOnly, found.localOnlyIds.length, {}),
    ...(sizes.size === found.localOnlyIds.length ? [sample(localOnlyBytes, total, {})] : []),
  ];
  return { samples, sizes };
}
