import { isDeepStrictEqual } from 'node:util';
import { endpointOf } from '../kubelet/configuration.ts';
import type { Kubelet } from '../kubelet/kubelet.ts';
import { kubeletLocations } from '../locations/kubelet.ts';
import type { Location } from '../locations/location.ts';
import type { MountedPlaces } from '../locations/mounted.ts';
import { runtimeLocations } from '../locations/runtimes.ts';
import type { Report } from '../report.ts';
import { type DaemonLookup, type Fact, type FactContext, ifRecent } from './facts.ts';

/** What it takes to find locations. */
interface Context extends FactContext, Pick<Report, 'fault'> {
  readonly dockerRoot: string;
}

/** What locations are found by. */
interface Known {
  readonly mounted: MountedPlaces;
  readonly daemons: DaemonLookup | undefined;
  readonly kubelet: Kubelet | undefined;
}

/** The runtime endpoint of the kubelet, undefined when there is no kubelet or its configuration makes no sense. */
export function runtimeEndpoint(kubelet: Kubelet | undefined): string | undefined {
  if (!kubelet?.configuration) return undefined;
  try {
    return endpointOf(kubelet.configuration);
  } catch {
    return undefined;
  }
}

/** Where things are on this host. What cannot be read is reported. */
export function findLocations(context: Context, { mounted, daemons, kubelet }: Known): Location[] {
  const ofRuntimes = runtimeLocations({
    ...context,
    mounted,
    daemons: daemons?.value ?? [],
    endpoint: runtimeEndpoint(kubelet),
    previous: context.facts.locations?.value ?? [],
  });
  return [...kubeletLocations(context.host, kubelet?.configuration), ...ofRuntimes];
}

/**
 * The locations found before; found again when they are old, when other daemons run, when the kubelet has another
 * configuration, or when containers are mounted from other places.
 */
export function refreshLocations(context: Context, known: Known, maxAgeSeconds: number): Fact<readonly Location[]> {
  const foundAt = context.now();
  const { locations, daemons, mounts, kubelet } = context.facts;
  const kept = ifRecent(locations, foundAt, maxAgeSeconds);
  const before = { daemons, mounted: mounts?.value, kubelet: kubelet?.value };
  const isSame = isDeepStrictEqual(inputsOf(known), inputsOf(before));
  return kept && isSame ? kept : { foundAt, value: findLocations(context, known) };
}

/** What locations depend on, that can change at any time. */
function inputsOf({ mounted, daemons, kubelet }: { readonly [Key in keyof Known]: Known[Key] | undefined }) {
  const { dockerRoots, snapshotters, dockerSnapshotters, containerdStates } = mounted ?? {};
  const processes = daemons?.value.map(({ daemon, pid, startTime }) => ({ daemon, pid, startTime }));
  return {
    dockerRoots,
    snapshotters,
    dockerSnapshotters,
    containerdStates,
    processes,
    kubelet: kubelet?.configuration,
  };
}
