import { BoundedMap } from '../bounded-map.ts';
import type { KubeEvent } from '../objects.ts';
import { parseTime } from '../time.ts';
import type { Change } from '../watcher.ts';
import { countOf, timeOf } from './event.ts';

/** Events whose counts are remembered, of some 100 bytes each. */
const LIMIT = 200_000;

/** Seconds that API servers keep an event after its last change (`--event-ttl`). */
const EVENT_TTL = 3600;

/** Counts how often things happen: an Event object counts its repetitions itself. */
export class Occurrences {
  readonly #counts = new BoundedMap<string, number>(LIMIT);
  /** Before which every event was seen; undefined until the watch breaks, as what was before the first list is past. */
  #seenUntil: number | undefined;

  /** How often it happened since it was last heard of. */
  since({ type, id: { uid }, object }: Change<'events'>): number {
    if (uid === '') return 0;
    if (type === 'deleted') {
      this.#counts.delete(uid);
      return 0;
    }
    const count = countOf(object);
    const known = this.#counts.get(uid);
    this.#counts.set(uid, count);
    if (known !== undefined) return Math.max(0, count - known);
    // Not remembered, so it cannot be told how many are new: the one that it has come for is.
    if (type === 'modified') return 1;
    return type === 'added' || this.#isUnseen(object) ? newIn(object) : 0;
  }

  /** The watch broke; the last event was heard at `heardAt`. */
  interrupted(heardAt: number | undefined): void {
    this.#seenUntil = heardAt;
  }

  #isUnseen(event: KubeEvent): boolean {
    return this.#seenUntil !== undefined && (timeOf(event) ?? 0) > this.#seenUntil;
  }
}

/**
 * Occurrences in an event that is new here: all, but for one that its recorder has created anew with its old count after
 * the API server had forgotten it (client-go, tools/record/event.go, recordEvent).
 */
function newIn(event: KubeEvent): number {
  const first = parseTime(event.firstTimestamp);
  const last = timeOf(event);
  return first !== undefined && last !== undefined && last - first > EVENT_TTL ? 1 : countOf(event);
}
