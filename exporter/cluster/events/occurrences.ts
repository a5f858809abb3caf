import { BoundedMap } from '../bounded-map.ts';
import type { KubeEvent } from '../objects.ts';
import { parseTime } from '../time.ts';
import type { Change } from '../watcher.ts';
import { countOf, timeOf } from './event.ts';

/** Events whose counts are remembered, about 100 bytes each. */
const MAX_EVENTS = 200_000;

/**
 * Occurrences that one change can add. Reporters write a series every 6 minutes (client-go, tools/events), in which 10,000
 * are 28 per second; a larger count is not plausible, and would make the total useless or inexact for ever.
 */
const MAX_NEW = 10_000;

/** How long API servers keep an event after its last change (`--event-ttl`). */
const EVENT_TTL_SECONDS = 3600;

/** Counts occurrences of events: one Event object counts its own repetitions. */
export class Occurrences {
  readonly #counts = new BoundedMap<string, number>(MAX_EVENTS);
  /** Events up to this time were seen, in seconds of Unix time; undefined before the first interruption. */
  #seenUntil: number | undefined;
  #implausible = 0;

  /** Changes that added more occurrences than are plausible, and were counted as `MAX_NEW`. */
  get implausible(): number {
    return this.#implausible;
  }

  /** How often it happened since its last change. */
  count(change: Change<'events'>): number {
    const claimed = this.#claimed(change);
    if (claimed > MAX_NEW) this.#implausible += 1;
    return Math.min(claimed, MAX_NEW);
  }

  /** The watch was interrupted; the last event arrived at `lastEventAt`. */
  interrupted(lastEventAt: number | undefined): void {
    this.#seenUntil = lastEventAt;
  }

  #claimed({ type, id: { uid }, object }: Change<'events'>): number {
    if (uid === '') return 0;
    if (type === 'deleted') {
      this.#counts.delete(uid);
      return 0;
    }
    const count = countOf(object);
    const known = this.#counts.get(uid);
    this.#counts.set(uid, count);
    if (known !== undefined) return Math.max(0, count - known);
    // It is not remembered how many of them are old: the one that it was modified for is new.
    if (type === 'modified') return 1;
    return type === 'added' || this.#isUnseen(object) ? newIn(object) : 0;
  }

  #isUnseen(event: KubeEvent): boolean {
    return this.#seenUntil !== undefined && (timeOf(event) ?? 0) > this.#seenUntil;
  }
}

/**
 * Occurrences in an event that is new to the exporter: all of them. But one if its reporter created it again with its
 * old count, after the API server had deleted it (client-go, tools/record/event.go, recordEvent).
 */
function newIn(event: KubeEvent): number {
  const first = parseTime(event.firstTimestamp);
  const last = timeOf(event);
  return first !== undefined && last !== undefined && last - first > EVENT_TTL_SECONDS ? 1 : countOf(event);
}
