import { findDaemons } from '../../../../exporter/node/daemons/daemon-processes.ts';
import type { Host } from '../../../../exporter/node/host/host.ts';
import { readMountTable } from '../../../../exporter/node/kernel/mountinfo.ts';
import type { Location } from '../../../../exporter/node/locations/location.ts';
import { mountedPlaces } from '../../../../exporter/node/locations/mounted.ts';
import type { RuntimeLocationContext } from '../../../../exporter/node/locations/runtime-context.ts';
import { runtimeLocations } from '../../../../exporter/node/locations/runtimes.ts';

/** The locations of a host's runtimes, with the daemons and mounts that it shows. */
export function locationsOn(host: Host, given: Partial<RuntimeLocationContext> = {}): Location[] {
  return runtimeLocations({
    host,
    daemons: findDaemons(host),
    mounted: mountedPlaces(readMountTable(host, ['overlay']).mounts),
    endpoint: undefined,
    dockerRoot: '',
    previous: [],
    progress: () => {},
    fault: (about, error) => {
      throw new Error(`${about}: ${error}`);
    },
    ...given,
  });
}

/** `what path source by`, one each, for comparing. */
export function lines(locations: readonly Location[], what: RegExp = /./): string[] {
  return locations
    .filter((location) => what.test(location.what))
    .map((of) => `${of.what} ${of.path} ${of.source} (${of.by})`);
}
