import { integer } from '../../config/option.ts';
import { gauge, type Sample, sample } from '../../exposition/metric.ts';
import { type CollectorContext, defineCollector } from '../collector.ts';
import { type Container, OWNER_LABELS, type Owner, ownerKey, ownerOf } from '../containers/container.ts';
import { countMissingLayers } from '../containers/exited-containers.ts';
import { lookUpLocations, lookUpMounts, reportUnidentified } from '../inventory/lookups.ts';
import { HIDDEN } from '../inventory/visibility.ts';
import { findHierarchy } from '../kernel/cgroups.ts';
import { activityReader } from '../layers/activity.ts';
import { type LastWalk, MAYBE_CHANGED, walkPriority } from '../layers/due.ts';
import type { DirectoryUsage } from '../layers/largest-directories.ts';
import { newPace } from '../layers/pace.ts';
import { walkLayer } from '../layers/walk.ts';

export const bytes = gauge(
  'foreshock_container_writable_layer_bytes',
  "Disk space in bytes of a container's writable layer, exited instances included.",
  OWNER_LABELS,
);
export const inodes = gauge(
  'foreshock_container_writable_layer_inodes',
  "Number of inodes (files and directories) in a container's writable layer.",
  OWNER_LABELS,
);
export const directoryBytes = gauge(
  'foreshock_container_writable_layer_directory_bytes',
  'Disk space in bytes of the largest directories in a large writable layer.',
  [...OWNER_LABELS, 'directory'],
);
export const unscanned = gauge(
  'foreshock_container_writable_layer_unscanned_directories',
  "Number of directories in a container's writable layer that its last scan left out.",
  OWNER_LABELS,
);
export const scanTimestamp = gauge(
  'foreshock_container_writable_layer_scan_timestamp_seconds',
  "Unix time in seconds when a container's writable layer was last scanned or found unchanged.",
  OWNER_LABELS,
);

/** Seconds of one run, a hundredth of a minute, for walks of layers that only may have changed. */
const MAX_SPECULATIVE_SECONDS = 0.6;

/** The last walk of a layer and what it found. */
interface ScannedLayer extends LastWalk {
  readonly owner: Owner;
  /** When it was last known to be as it was walked, in seconds of Unix time. */
  readonly validAt: number;
  readonly bytes: number;
  readonly inodes: number;
  readonly unscanned: number;
  readonly directories: readonly DirectoryUsage[];
}

/** By directory on the host. */
type State = ReadonlyMap<string, ScannedLayer>;

const options = {
  'entries-per-second': integer(20_000, 'Maximum files per second that a scan reads; 0 = unlimited.'),
  'seconds-per-run': integer(
    30,
    'Seconds after which a run starts no more scans and publishes its results; 0 = unlimited.',
  ),
  directories: integer(5, 'Number of largest directories to export of each large layer.'),
  'directory-depth': integer(2, 'Maximum depth of the exported directories.'),
  'directory-min-bytes': integer(1024 ** 3, 'Minimum size in bytes of a large layer.'),
};

type Context = CollectorContext<typeof options>;
type Layer = Container & { readonly layer: string };

export const writableLayers = defineCollector({
  name: 'writable_layers',
  help: "the size of containers' writable layers and of their largest directories",
  description:
    'A writable layer holds what a container wrote outside its volumes. Layers are scanned in the background, so ' +
    `values can be minutes old: \`${scanTimestamp.name}\` says how old, and is that of the oldest if a container has ` +
    'several instances. Directories are exported only for layers of at least ' +
    '`--collector.writable_layers.directory-min-bytes`, by their path in the container; one may contain another. A scan ' +
    'stays in the layer, whatever the container does meanwhile; directories that it cannot read, that lie below 4,096 ' +
    'others or that are moved while it is in them are counted as unscanned. The layer of an exited container of containerd is ' +
    'known if it was seen running. A container without a known layer counts as unmeasured (`layer_not_found`), as does one ' +
    'whose storage driver or snapshotter has no directory for it (`layer_not_walkable`).',
  metrics: [bytes, inodes, directoryBytes, unscanned, scanTimestamp],
  reads: { rootfs: 'all' },
  unmeasuredReasons: [HIDDEN, 'unidentified', 'layer_not_found', 'layer_not_walkable', 'not_scanned'],
  options,
  schedule: '37 * * * * *',
  timeoutSeconds: 30,

  collect(context, previous: State | undefined) {
    const { containers } = context.containers;
    const layers = containers.filter((container): container is Layer => container.layer !== undefined);
    const state = scan(layers, context, previous ?? new Map());
    const unmeasured = {
      ...reportUnidentified(context),
      not_scanned: layers.filter(({ layer }) => !state.has(layer)).length,
      ...countMissingLayers(context, lookUpLocations(context)),
    };
    return { samples: samplesOf(layers, state, context.options.directories), state, unmeasured };
  },
});

/** Walks what is due, the highest priority first, until the run's time is over; the rest keeps its last figures. */
function scan(layers: readonly Layer[], context: Context, previous: State): State {
  const { host, containers, now, unixTime } = context;
  const started = now();
  const startedAt = unixTime();
  const limit = context.options['seconds-per-run'] || Number.POSITIVE_INFINITY;
  const pace = newPace(context.options['entries-per-second']);
  const { cgroups } = lookUpMounts(context);
  const hierarchy = findHierarchy(host, cgroups, 'cpuacct') ?? findHierarchy(host, cgroups, 'cpu');
  const readActivity = activityReader(host, containers, hierarchy);
  const candidates = layers.map((layer) => {
    const activity = readActivity(layer);
    return { layer, activity, priority: walkPriority(previous.get(layer.layer), activity, started) };
  });
  const state = new Map<string, ScannedLayer>();
  let speculativeSeconds = 0;
  for (const { layer, activity, priority } of candidates.sort((a, b) => comparePriorities(b.priority, a.priority))) {
    const last = previous.get(layer.layer);
    const isWorth =
      priority > MAYBE_CHANGED || (priority === MAYBE_CHANGED && speculativeSeconds < MAX_SPECULATIVE_SECONDS);
    const due = isWorth && now() - started < limit;
    const scanned = due ? tryWalk(layer, activity, context, pace) : last && { ...last, owner: ownerOf(layer) };
    if (!scanned) continue;
    if (due && priority === MAYBE_CHANGED) speculativeSeconds += scanned.seconds;
    const unchanged = !due && last?.activity.cpu === activity.cpu;
    state.set(layer.layer, unchanged ? { ...scanned, validAt: startedAt } : scanned);
  }
  return state;
}

function comparePriorities(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

/** Undefined for a layer that is gone or cannot be read, which must not hide the others. */
function tryWalk(...[layer, activity, context, pace]: Parameters<typeof walk>): ScannedLayer | undefined {
  try {
    return walk(layer, activity, context, pace);
  } catch (error) {
    context.fault(layer.layer, error);
    return undefined;
  }
}

function walk(
  layer: Layer,
  activity: ScannedLayer['activity'],
  { host, now, unixTime, progress, fault, options }: Context,
  pace: (entries: number) => void,
): ScannedLayer | undefined {
  const at = now();
  const validAt = unixTime();
  progress(layer.layer);
  let sinceProgress = 0;
  const usage = walkLayer(host.rootfs, layer.layer, {
    depth: options['directory-depth'],
    directories: options.directories,
    unixTime,
    pace: (entries, path) => {
      sinceProgress += entries;
      if (sinceProgress >= 1000) {
        sinceProgress = 0;
        progress(layer.layer + path);
      }
      pace(entries);
    },
    fault: (path, error) => fault(layer.layer + path, error),
  });
  if (!usage) return undefined;
  return {
    owner: ownerOf(layer),
    at,
    validAt,
    seconds: now() - at,
    activity,
    bytes: usage.bytes,
    inodes: usage.inodes,
    unscanned: usage.unscanned,
    directories: usage.bytes < options['directory-min-bytes'] ? [] : usage.directories,
  };
}

/** Instances of one container are summed; while one of them is unknown, so is the sum. */
function samplesOf(layers: readonly Layer[], state: State, most: number): Sample[] {
  const byOwner = new Map<string, (ScannedLayer | undefined)[]>();
  for (const layer of layers) {
    const key = ownerKey(layer);
    const instances = byOwner.get(key) ?? [];
    instances.push(state.get(layer.layer));
    byOwner.set(key, instances);
  }
  return [...byOwner.values()].flatMap((instances) => {
    const scanned = instances.filter((instance) => instance !== undefined);
    const [first] = scanned;
    return first && scanned.length === instances.length ? samplesOfOwner(first.owner, scanned, most) : [];
  });
}

function samplesOfOwner({ namespace, pod, container }: Owner, instances: ScannedLayer[], most: number): Sample[] {
  const labels = { namespace, pod, container };
  const directories = new Map<string, number>();
  for (const { path, bytes } of instances.flatMap((instance) => instance.directories)) {
    directories.set(path, (directories.get(path) ?? 0) + bytes);
  }
  const largest = [...directories].sort(([, a], [, b]) => b - a).slice(0, most);
  return [
    sample(bytes, sum(instances.map((instance) => instance.bytes)), labels),
    sample(inodes, sum(instances.map((instance) => instance.inodes)), labels),
    ...largest.map(([directory, size]) => sample(directoryBytes, size, { ...labels, directory })),
    sample(unscanned, sum(instances.map((instance) => instance.unscanned)), labels),
    sample(scanTimestamp, Math.min(...instances.map(({ validAt }) => validAt)), labels),
  ];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
