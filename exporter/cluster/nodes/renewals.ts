import { parseTime } from '../time.ts';
import type { Change } from '../watcher.ts';
import { NodeClock } from './node-clock.ts';

/** A change of a lease's renewTime. */
export interface Renewal {
  /** The lease of a node has the name of the node. */
  readonly node: string;
  /** By the node's clock, in seconds of Unix time. */
  readonly renewTime: number;
  /**
   * Seconds between the arrivals of the previous renewal and this one; undefined unless both were seen in one watch.
   */
  readonly interval: number | undefined;
}

interface LastRenewal {
  readonly renewTime: number;
  /** By the exporter's monotonic clock. */
  readonly arrivedAt: number;
  /** The number of the uninterrupted watch in which it arrived; undefined for one from a list. */
  readonly watch: number | undefined;
  readonly clock: NodeClock;
}

/** The last renewal of each lease, and the clocks of the nodes, estimated from the renewals. */
export class Renewals {
  readonly #last = new Map<string, LastRenewal>();
  #watch = 0;

  /** The renewal in a change of a lease; undefined if it is none. */
  take({ type, id: { name: node }, object, arrivedAt }: Change<'leases'>): Renewal | undefined {
    if (type === 'deleted') this.forget(node);
    const renewTime = parseTime(object.spec?.renewTime);
    const last = this.#last.get(node);
    if (type === 'deleted' || renewTime === undefined || renewTime === last?.renewTime) return undefined;
    // The clock was set back: its offset has changed.
    const clock = last && renewTime > last.renewTime ? last.clock : new NodeClock();
    if (type !== 'listed') clock.renewed(renewTime, arrivedAt);
    const watch = type === 'listed' ? undefined : this.#watch;
    this.#last.set(node, { renewTime, arrivedAt, watch, clock });
    const isUninterrupted = type === 'modified' && last?.watch === this.#watch;
    return { node, renewTime, interval: isUninterrupted ? arrivedAt - last.arrivedAt : undefined };
  }

  /** The watch of leases was interrupted. */
  interrupted(): void {
    this.#watch += 1;
  }

  forget(node: string): void {
    this.#last.delete(node);
  }

  /** A time of the node's clock as one of the exporter's monotonic clock; undefined while the offset is unknown. */
  toExporterTime(node: string, time: number): number | undefined {
    return this.#last.get(node)?.clock.toExporterTime(time);
  }
}
