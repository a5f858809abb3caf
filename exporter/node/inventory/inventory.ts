import { type Container, namelessContainer, type Pod } from '../containers/container.ts';
import { containerdContainers } from '../containers/containerd.ts';
import { crioContainers } from '../containers/crio.ts';
import { dockerContainers } from '../containers/docker.ts';
import { podsWithLogs } from '../containers/pod-logs.ts';
import { layersByContainer, type RuntimeContext } from '../containers/runtime.ts';
import { isSameProcess, type Kubelet, readKubelet } from '../kubelet/kubelet.ts';
import { type Report, tryRead } from '../report.ts';
import { type DaemonLookup, type Fact, type FactContext, type Facts, ifRecent } from './facts.ts';
import { lookUpDaemons, processOf } from './lookups.ts';
import { readMounts } from './mount-facts.ts';

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
  const known = new Map(previous?.containers.map((container) => [container.id, container]));
  const runtimeContext = { ...context, overlays, known, layers: layersByContainer(overlays) };
  const found = RUNTIMES.flatMap(({ name, runtime, find }) => {
    const before = previous?.containers.filter((container) => container.runtime === runtime);
    return tryRead(context, `the files of ${name}`, () => find(runtimeContext)) ?? before ?? [];
  });
  const distinct = new Map([...unnamed(runtimeContext), ...found].map((container) => [container.id, container]));
  const containers = [...distinct.values()];
  const pods = tryRead(context, 'the logs of pods', () => podsWithLogs(host)) ?? previous?.pods ?? [];
  const factContext = { ...context, facts: previous?.facts ?? {} };
  return { containers, pods, facts: { mounts: { foundAt, value: mounts }, ...findFacts(factContext) } };
}

/** Containers whose layer is mounted; those of other clients of containerd, nerdctl's for one, have no name here. */
function unnamed({ layers }: RuntimeContext): Container[] {
  return [...layers].map(([id, layer]) => ({ ...namelessContainer(id, 'containerd'), layer }));
}

/** None where processes may not be listed: a collector that needs them tries to, and reports why it cannot. */
function findFacts(context: FactContext): Pick<Facts, 'daemons' | 'kubelet'> {
  const silent = { ...context, fault: () => {} };
  const daemons = tryRead(silent, 'the processes of daemons', () => lookUpDaemons(context, undefined, REFRESH_SECONDS));
  return daemons ? { daemons, kubelet: refreshKubelet(context, daemons) } : {};
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
