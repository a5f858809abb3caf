import { parseTime } from '../time.ts';
import type { Change } from '../watcher.ts';
import { NodeClock } from './node-clock.ts';

/** A lease whose renewTime is another one than before. */
export interface Renewal {
  /** A node's lease bears the name of the node. */
  readonly node: string;
  /** By the node's clock, in seconds of Unix time. */
  readonly renewTime: number;
  /** Seconds since the renewal before it arrived; undefined when either was not seen as it happened. */
  readonly interval: number | undefined;
}

interface LastRenewal {
  readonly renewTime: number;
  readonly arrivedAt: number;
  /** The uninterrupted watch in which it arrived; undefined for one from a list. */
  readonly watch: number | undefined;
  readonly clock: NodeClock;
}

/** The last renewal of each lease, and what the renewals tell of the clocks of the nodes. */
export class Renewals {
  readonly #last = new Map<string, LastRenewal>();
  #watch = 0;

  /** Takes a change of a lease; undefined when it is no renewal. */
  take({ type, id: { name: node }, object, receivedAt }: Change<'leases'>): Renewal | undefined {
    if (type === 'deleted') this.forget(node);
    const renewTime = parseTime(object.spec?.renewTime);
    const last = this.#last.get(node);
    if (type === 'deleted' || renewTime === undefined || renewTime === last?.renewTime) return undefined;
    // A clock that was set back invalidates what was known of it.
    const clock = last && renewTime > last.renewTime ? last.clock : new NodeClock();
    if (type !== 'listed') clock.renewed(renewTime, receivedAt);
    const watch = type === 'listed' ? undefined : this.#watch;
    this.#last.set(node, { renewTime, arrivedAt: receivedAt, watch, clock });
    const gapless = type === 'modified' && last?.watch === this.#watch;
    return { node, renewTime, interval: gapless ? receivedAt - last.arrivedAt : undefined };
  }

  /** The watch of the leases broke. */
  interrupted(): void {
    this.#watch += 1;
  }

  forget(node: string): void {
    this.#last.delete(node);
  }

  /** A time of the node's clock by ours; undefined while the difference is unknown. */
  ours(node: string, time: number): number | undefined {
    return this.#last.get(node)?.clock.ours(time);
  }
}
