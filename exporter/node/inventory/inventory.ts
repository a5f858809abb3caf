import { type Container, namelessContainer, type Pod } from '../containers/container.ts';
import { containerdContainers } from '../containers/containerd.ts';
import { crioContainers } from '../containers/crio.ts';
import { dockerContainers } from '../containers/docker.ts';
import { exitedContainers } from '../containers/exited-containers.ts';
import { podsWithLogs } from '../containers/pod-logs.ts';
import { layersByContainer, type RuntimeContext } from '../containers/runtime.ts';
import type { Mount } from '../kernel/mountinfo.ts';
import { isSameProcess, type Kubelet, readKubelet } from '../kubelet/kubelet.ts';
import { mountedPlaces } from '../locations/mounted.ts';
import { pathsOf } from '../locations/ranking.ts';
import { type Report, tryRead } from '../report.ts';
import { enabledRuntimes } from '../systemd/enabled-runtimes.ts';
import { type DaemonLookup, type Fact, type FactContext, type Facts, ifRecent } from './facts.ts';
import { refreshLocations } from './find-locations.ts';
import { lookUpDaemons, processOf } from './lookups.ts';
import { type MountFacts, readMounts } from './mount-facts.ts';
import { idsOfCgroups } from './unidentified.ts';
import { hiddenTrees } from './visibility.ts';

/** What the `containers` collector hands to the others: a plain value, so that it can cross threads. */
export interface Inventory {
  readonly containers: readonly Container[];
  readonly pods: readonly Pod[];
  readonly facts: Facts;
}

/** Every runtime that can be told apart by its files. An absent one has no containers. */
const RUNTIMES = [
  { name: 'Docker', runtime: 'docker', find: dockerContainers },
  { name: 'containerd', runtime: 'containerd', find: containerdContainers },
  { name: 'CRI-O', runtime: 'cri-o', find: crioContainers },
] as const;

/** Seconds after which all processes are searched for daemons, and the kubelet's configuration is read, again. */
const REFRESH_SECONDS = 55;

interface InventoryContext extends Pick<Report, 'host' | 'progress' | 'fault'> {
  readonly dockerRoot: string;
  /** Seconds by the monotonic clock. */
  now(): number;
}

/**
 * All containers of the host, from files alone: no runtime is asked, so none can hang us; and the facts that several
 * collectors need. `previous` is the inventory of the last round; what cannot be read now is as it was then, since counters
 * of containers that are forgotten begin again.
 */
export function readInventory(context: InventoryContext, previous: Inventory | undefined): Inventory {
  const { host, now } = context;
  const unread: string[] = [];
  const needed = { ...context, fault: (about: string, error: unknown) => note(context, unread, about, error) };
  // What follows may take as long as a disk hangs.
  const foundAt = now();
  const mounted = tryRead(needed, 'the mount table', () => readMounts(host));
  const hidden = hiddenTrees(host, mounted?.facts.count);
  const isRootHidden = hidden.some(({ tree }) => tree === 'rootfs');
  const running = idsOfRunning(context, mounted?.facts, previous);
  const mounts = mounted ? { foundAt, value: mounted.facts } : previous?.facts.mounts;
  const found = findFacts({ ...context, facts: previous?.facts ?? {} }, mounts, isRootHidden);
  const locations = found.locations?.value ?? [];
  const containers = isRootHidden
    ? (previous?.containers ?? [])
    : readContainers({ ...context, locations }, needed, mounted?.overlays, previous?.containers ?? []);
  const [podLogs] = pathsOf(locations, 'pod_logs');
  const pods = isRootHidden ? undefined : tryRead(context, 'the logs of pods', () => podsWithLogs(host, podLogs));
  const known = new Set(containers.map(({ id }) => id));
  const unidentified = running
    ? { foundAt, value: [...running].filter((id) => !known.has(id)).length }
    : previous?.facts.unidentified;
  const visibility = { foundAt, value: { hidden, unread } };
  const facts = { ...found, visibility, ...(unidentified && { unidentified }) };
  return { containers, pods: pods ?? previous?.pods ?? [], facts };
}

/** Reports a fault, and notes it as one for which some containers may not be known. */
function note({ fault }: InventoryContext, unread: string[], about: string, error: unknown): void {
  unread.push(`${about}: ${error instanceof Error ? error.message : error}`);
  fault(about, error);
}

/**
 * The containers of all runtimes. `needed` is for what many containers depend on; `overlays` are undefined when the mount
 * table could not be read: then those of containerd that are known have the layers that they had.
 */
function readContainers(
  context: Pick<RuntimeContext, 'host' | 'progress' | 'fault' | 'locations'>,
  needed: Pick<Report, 'progress' | 'fault'>,
  overlays: readonly Mount[] | undefined,
  previous: readonly Container[],
): Container[] {
  const known = new Map(previous.map((container) => [container.id, container]));
  const layers = overlays ? layersByContainer(overlays) : layersOf(previous);
  const runtimeContext = { ...context, overlays: overlays ?? [], known, layers };
  const found = RUNTIMES.flatMap(({ name, runtime, find }) => {
    const containers = tryRead(needed, `the files of ${name}`, () => find(runtimeContext));
    return containers ?? previous.filter((container) => container.runtime === runtime);
  });
  const exited = tryRead(context, 'the layers of exited containers', () => exitedContainers(runtimeContext)) ?? [];
  const all = [...unnamed(runtimeContext), ...exited, ...found];
  return [...new Map(all.map((container) => [container.id, container])).values()];
}

/** The ids of containers by their cgroups, which a walk of all cgroups finds, so only once a minute. */
function idsOfRunning(
  context: InventoryContext,
  mounts: MountFacts | undefined,
  previous: Inventory | undefined,
): ReadonlySet<string> | undefined {
  if (ifRecent(previous?.facts.unidentified, context.now(), REFRESH_SECONDS)) return undefined;
  return tryRead(context, 'the cgroups of containers', () => idsOfCgroups(context.host, mounts?.cgroups));
}

function layersOf(containers: readonly Container[]): Map<string, string> {
  const ofContainerd = containers.filter(({ runtime }) => runtime === 'containerd');
  return new Map(ofContainerd.flatMap(({ id, layer }) => (layer === undefined ? [] : [[id, layer]])));
}

/** Containers whose layer is mounted; those of other clients of containerd, nerdctl's for one, have no name here. */
function unnamed({ layers }: RuntimeContext): Container[] {
  return [...layers].map(([id, layer]) => ({ ...namelessContainer(id, 'containerd'), layer }));
}

type Context = FactContext & InventoryContext;

/**
 * Daemons and kubelet: none where processes may not be listed; a collector that needs them tries to, and reports why it cannot.
 * Where things are stays as it was while their files are not to be seen.
 */
function findFacts(context: Context, mounts: Fact<MountFacts> | undefined, isRootHidden: boolean): Facts {
  const silent = { ...context, fault: () => {} };
  const daemons = tryRead(silent, 'the processes of daemons', () => lookUpDaemons(context, undefined, REFRESH_SECONDS));
  const kubelet = daemons && !isRootHidden ? refreshKubelet(context, daemons) : context.facts.kubelet;
  const known = { mounted: mounts?.value ?? mountedPlaces([]), daemons, kubelet: kubelet?.value };
  const locations = isRootHidden ? context.facts.locations : refreshLocations(context, known, REFRESH_SECONDS);
  const enabledRuntimes = isRootHidden ? context.facts.enabledRuntimes : refreshEnabledRuntimes(context);
  return {
    ...(mounts && { mounts }),
    ...(locations && { locations }),
    ...(daemons && { daemons }),
    ...(kubelet && { kubelet }),
    ...(enabledRuntimes && { enabledRuntimes }),
  };
}

function refreshEnabledRuntimes(context: Context): Facts['enabledRuntimes'] {
  const foundAt = context.now();
  const before = context.facts.enabledRuntimes;
  if (ifRecent(before, foundAt, REFRESH_SECONDS)) return before;
  const value = tryRead(context, 'the enabled units', () => enabledRuntimes(context.host));
  return value ? { foundAt, value } : before;
}

/** The kubelet among the daemons, read again when that is another process, and once a minute. */
function refreshKubelet(context: FactContext, daemons: DaemonLookup): Fact<Kubelet> {
  const now = context.now();
  const before = context.facts.kubelet;
  const process = processOf(daemons, 'kubelet');
  const kept = ifRecent(before, now, REFRESH_SECONDS);
  if (kept && isSameProcess(kept.value, process)) return kept;
  return { foundAt: now, value: readKubelet(context, process, before?.value) };
}
