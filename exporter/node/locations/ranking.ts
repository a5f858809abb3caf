import { withoutVar } from './endpoint.ts';
import type { Location, LocationSource, Place } from './location.ts';

const SOURCES: readonly LocationSource[] = ['configured', 'found', 'assumed'];

/** Each path of a place once, for the best of its sources; the most certain first, otherwise in the order given. */
export function ranked(locations: readonly Location[]): Location[] {
  const sorted = [...locations].sort((a, b) => SOURCES.indexOf(a.source) - SOURCES.indexOf(b.source));
  const distinct = new Map<string, Location>();
  for (const location of sorted) {
    const key = `${location.what}\0${location.path}`;
    if (!distinct.has(key)) distinct.set(key, location);
  }
  return [...distinct.values()];
}

/**
 * What was configured for these places before, as long as a daemon of then is down: nobody can be asked for its arguments. It is not
 * any more when daemons that run have as many sockets as there were, or all of them, whatever else they are configured with now.
 */
export function configuredBefore(
  previous: readonly Location[],
  places: readonly Place[],
  socket: Place,
  running: readonly Location[],
): Location[] {
  const [before, now] = [socketsIn(previous, socket), socketsIn(running, socket)];
  const isReplaced = running.length > 0 && (now.size >= before.size || [...before].every((path) => now.has(path)));
  return isReplaced ? [] : previous.filter(({ what, source }) => source === 'configured' && places.includes(what));
}

function socketsIn(locations: readonly Location[], socket: Place): Set<string> {
  return new Set(pathsOf(locations, socket).map(withoutVar));
}

/** The paths of a place, the most certain first. */
export function pathsOf(locations: readonly Location[], what: Place): string[] {
  return locations.flatMap((location) => (location.what === what ? location.path : []));
}
