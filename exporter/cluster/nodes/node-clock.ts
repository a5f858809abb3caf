/** Renewals that are remembered, of about five minutes. */
const MAX_RENEWALS = 30;

/**
 * Estimates the offset between the exporter's monotonic clock and a node's clock. A lease renewal carries the node's time in
 * microseconds and is a small request. The renewal with the smallest difference between arrival and its time had almost
 * no delay, so that difference is the offset.
 */
export class NodeClock {
  /** Arrival minus renewTime of the last renewals, in seconds. */
  readonly #offsets: number[] = [];

  /** Takes a renewal that was just made. `renewTime` is by the node's clock, `arrivedAt` by the exporter's monotonic one. */
  renewed(renewTime: number, arrivedAt: number): void {
    this.#offsets.push(arrivedAt - renewTime);
    if (this.#offsets.length > MAX_RENEWALS) this.#offsets.shift();
  }

  /** A time of the node's clock as one of the exporter's monotonic clock; undefined while the offset is unknown. */
  toExporterTime(time: number): number | undefined {
    return this.#offsets.length === 0 ? undefined : time + Math.min(...this.#offsets);
  }
}
