/** Renewals that are remembered: five minutes of them. */
const RENEWALS = 30;

/**
 * How the clock of a node differs from ours. A renewal of its lease bears the node's time in microseconds and takes a
 * small request; the one that arrived soonest after its time had almost no delay, so what remains is the difference.
 */
export class NodeClock {
  readonly #differences: number[] = [];

  /** A renewal that was just made. Both in seconds of Unix time: by the node's clock, and by ours. */
  renewed(renewTime: number, arrivedAt: number): void {
    this.#differences.push(arrivedAt - renewTime);
    if (this.#differences.length > RENEWALS) this.#differences.shift();
  }

  /** A time of the node's clock by ours; undefined while the difference is unknown. */
  ours(time: number): number | undefined {
    return this.#differences.length === 0 ? undefined : time + Math.min(...this.#differences);
  }
}
