import { setImmediate as pause } from 'node:timers/promises';
import { type Daemon, type DaemonProcess, findDaemons, isRunning } from '../daemons/daemon-processes.ts';
import type { Tree } from '../host/tree.ts';
import { findHierarchy, findUnified, type Hierarchy } from '../kernel/cgroups.ts';
import { processIds } from '../kernel/processes.ts';
import { type Kubelet, readKubelet } from '../kubelet/kubelet.ts';
import type { Location, Place } from '../locations/location.ts';
import { mountedPlaces } from '../locations/mounted.ts';
import { pathsOf } from '../locations/ranking.ts';
import { type Report, tryRead } from '../report.ts';
import { type DaemonLookup, type FactContext, ifRecent, MAX_AGE_SECONDS } from './facts.ts';
import { findLocations } from './find-locations.ts';
import { type MountFacts, readMounts } from './mount-facts.ts';

/** Processes that are looked at in one go in a shared thread: each takes 10 to 130 µs. */
const PROCESSES_PER_SLICE = 32;

/** The mounts as the last round found them, or as they are now when that is too long ago. Throws when these may not be read. */
export function lookUpMounts({ host, facts, now }: FactContext): MountFacts {
  return ifRecent(facts.mounts, now())?.value ?? readMounts(host).facts;
}

/** As `findHierarchy`, with the mounts of `lookUpMounts`. */
export function lookUpHierarchy(context: FactContext, controller: string): Hierarchy | undefined {
  return findHierarchy(context.host, lookUpMounts(context).cgroups, controller);
}

/** As `findUnified`, with the mounts of `lookUpMounts`. */
export function lookUpUnified(context: FactContext): Tree | undefined {
  return findUnified(context.host, lookUpMounts(context).cgroups);
}

/**
 * The daemons that run: those of the last round or of `previous`, the caller's own last lookup, whichever is newer. Each
 * process is looked at, and when one has ended, or the lookup is too old, all processes are searched, which costs a read
 * for each.
 */
export function lookUpDaemons(
  context: FactContext,
  previous?: DaemonLookup,
  maxAgeSeconds = MAX_AGE_SECONDS,
): DaemonLookup {
  const foundAt = context.now();
  return recentDaemons(context, previous, maxAgeSeconds) ?? { foundAt, value: findDaemons(context.host) };
}

/**
 * As `lookUpDaemons`, for runs that share a thread: of tens of thousands of processes only a few are looked at before the
 * other runs go on, whose probes wait for answers.
 */
export async function lookUpDaemonsInSlices(
  context: FactContext,
  previous?: DaemonLookup,
  maxAgeSeconds = MAX_AGE_SECONDS,
): Promise<DaemonLookup> {
  const { host, progress } = context;
  const recent = recentDaemons(context, previous, maxAgeSeconds);
  if (recent) return recent;
  const foundAt = context.now();
  const pids = processIds(host);
  const value: DaemonProcess[] = [];
  for (let start = 0; start < pids.length; start += PROCESSES_PER_SLICE) {
    if (start > 0) await pause();
    progress('the processes of daemons');
    value.push(...findDaemons(host, pids.slice(start, start + PROCESSES_PER_SLICE)));
  }
  return { foundAt, value };
}

/** The newest lookup that is recent, if all of its processes still run. */
function recentDaemons(
  { host, facts, now }: FactContext,
  previous: DaemonLookup | undefined,
  maxAgeSeconds: number,
): DaemonLookup | undefined {
  const [newest] = [facts.daemons, previous]
    .flatMap((lookup) => ifRecent(lookup, now(), maxAgeSeconds) ?? [])
    .sort((a, b) => b.foundAt - a.foundAt);
  return newest?.value.every((process) => isRunning(host, process)) ? newest : undefined;
}

/** The process of a daemon, the first of several; undefined when none runs. */
export function processOf({ value }: DaemonLookup, daemon: Daemon): DaemonProcess | undefined {
  return value.find((process) => process.daemon === daemon);
}

/**
 * How many containers run of which the last round did not find out who they are, if any; a fault of a run that measures each
 * container where that may be more than are not to be found, because something could not be read.
 */
export function reportUnidentified({ facts, fault }: FactContext & Pick<Report, 'fault'>): { unidentified?: number } {
  const unread = facts.visibility?.value.unread ?? [];
  if (unread.length > 0) fault('the containers', new Error(`not all are known: ${unread.join('; ')}`));
  const unidentified = facts.unidentified?.value ?? 0;
  return unidentified > 0 ? { unidentified } : {};
}

/** The kubelet as the last round found it, or as it is now when that is too long ago. Throws when no processes may be listed. */
export function lookUpKubelet(context: FactContext): Kubelet {
  const { facts, now } = context;
  const kubelet = ifRecent(facts.kubelet, now());
  if (kubelet) return kubelet.value;
  return readKubelet(context, processOf(lookUpDaemons(context), 'kubelet'), facts.kubelet?.value);
}

/** As `lookUpKubelet`, and why its configuration cannot be read now is a fault of the run. */
export function inspectKubelet(context: FactContext & Pick<Report, 'fault'>): Kubelet {
  const kubelet = lookUpKubelet(context);
  if (kubelet.error !== undefined) context.fault("the kubelet's configuration", new Error(kubelet.error));
  return kubelet;
}

/**
 * The locations that the last round found, whatever their age; where there was no round they are found now, and what cannot
 * be read is reported.
 */
export function lookUpLocations(context: FactContext & Pick<Report, 'fault'>): readonly Location[] {
  const { facts } = context;
  if (facts.locations) return facts.locations.value;
  const silent = { ...context, fault: () => {} };
  const daemons = tryRead(silent, 'the processes of daemons', () => lookUpDaemons(context));
  const kubelet = daemons && lookUpKubelet(context);
  const mounted = tryRead(silent, '/proc/1/mountinfo', () => lookUpMounts(context)) ?? mountedPlaces([]);
  return findLocations({ ...context, dockerRoot: '' }, { mounted, daemons, kubelet });
}

/** The first location of a place, as `lookUpLocations` finds it; undefined when it is nowhere. */
export function lookUpPath(context: FactContext & Pick<Report, 'fault'>, what: Place): string | undefined {
  return pathsOf(lookUpLocations(context), what)[0];
}
