import { type Container, namelessContainer, type Pod } from '../containers/container.ts';
import { containerdContainers } from '../containers/containerd.ts';
import { crioContainers } from '../containers/crio.ts';
import { dockerContainers } from '../containers/docker.ts';
import { exitedContainers } from '../containers/exited-containers.ts';
import { podsWithLogs } from '../containers/pod-logs.ts';
import { layersByContainer, type RuntimeContext } from '../containers/runtime.ts';
import { isSameProcess, type Kubelet, readKubelet } from '../kubelet/kubelet.ts';
import { type Report, tryRead } from '../report.ts';
import { enabledRuntimes } from '../systemd/enabled-runtimes.ts';
import { type DaemonLookup, type Fact, type FactContext, type Facts, ifRecent } from './facts.ts';
import { refreshLocations } from './find-locations.ts';
import { lookUpDaemons, processOf } from './lookups.ts';
import { type MountFacts, readMounts } from './mount-facts.ts';

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

/**
 * All containers of the host, from files alone: no runtime is asked, so none can hang us; and the facts that several
 * collectors need. `previous` is the inventory of the last round; what cannot be read now is as it was then, since counters
 * of containers that are forgotten begin again.
 */
export function readInventory(
  context: Pick<Report, 'host' | 'progress' | 'fault'> & { readonly dockerRoot: string; now(): number },
  previous: Inventory | undefined,
): Inventory {
  const { host, now } = context;
  // What follows may take as long as a disk hangs.
  const foundAt = now();
  const { facts: mounts, overlays } = readMounts(host);
  const facts = findFacts({ ...context, facts: previous?.facts ?? {} }, { foundAt, value: mounts });
  const known = new Map(previous?.containers.map((container) => [container.id, container]));
  const locations = facts.locations?.value ?? [];
  const runtimeContext = { ...context, overlays, known, layers: layersByContainer(overlays), locations };
  const found = RUNTIMES.flatMap(({ name, runtime, find }) => {
    const before = previous?.containers.filter((container) => container.runtime === runtime);
    return tryRead(context, `the files of ${name}`, () => find(runtimeContext)) ?? before ?? [];
  });
  const exited = tryRead(context, 'the layers of exited containers', () => exitedContainers(runtimeContext)) ?? [];
  const all = [...unnamed(runtimeContext), ...exited, ...found];
  const containers = [...new Map(all.map((container) => [container.id, container])).values()];
  const pods = tryRead(context, 'the logs of pods', () => podsWithLogs(host)) ?? previous?.pods ?? [];
  return { containers, pods, facts };
}

/** Containers whose layer is mounted; those of other clients of containerd, nerdctl's for one, have no name here. */
function unnamed({ layers }: RuntimeContext): Container[] {
  return [...layers].map(([id, layer]) => ({ ...namelessContainer(id, 'containerd'), layer }));
}

type Context = FactContext & Parameters<typeof readInventory>[0];

/** Daemons and kubelet: none where processes may not be listed; a collector that needs them tries to, and reports why it cannot. */
function findFacts(context: Context, mounts: Fact<MountFacts>): Facts {
  const silent = { ...context, fault: () => {} };
  const daemons = tryRead(silent, 'the processes of daemons', () => lookUpDaemons(context, undefined, REFRESH_SECONDS));
  const kubelet = daemons && refreshKubelet(context, daemons);
  const known = { mounted: mounts.value, daemons, kubelet: kubelet?.value };
  const locations = refreshLocations(context, known, REFRESH_SECONDS);
  const enabledRuntimes = refreshEnabledRuntimes(context);
  return {
    mounts,
    locations,
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
