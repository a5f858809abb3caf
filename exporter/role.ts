import type { Block, Format } from './exposition/exposition.ts';

/** A part of the exporter with its own metrics: this host's, or the cluster's. One process can have both. */
export interface Role {
  /** Why a scrape is not useful; undefined when the host's containers have names, and the cluster's objects are listed. */
  readonly notReady: string | undefined;
  /** Keeps its values up to date until `stop`. */
  start(): void;
  /** Collects all of its values once. */
  collectOnce(): Promise<void>;
  /** Its metrics, printed in one format. */
  exposition(format: Format): Promise<readonly Block[]>;
  /** Stops what it has started; false if a thread hangs in the kernel and has not ended within `graceSeconds`. */
  stop(graceSeconds: number): Promise<boolean>;
}
