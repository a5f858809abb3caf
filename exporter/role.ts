import type { Format } from './exposition/exposition.ts';

/** A part of the exporter that has metrics: this host's, or the cluster's. One process can have both. */
export interface Role {
  /** Whether its values have names, so that a scrape is worth while. */
  readonly ready: boolean;
  /** Keeps its values up to date from now on, until `stop`. */
  start(): void;
  /** Collects all of its values once. */
  collectOnce(): Promise<void>;
  /** Its values in one format; `openMetrics` lacks its closing `# EOF`. */
  exposition(format: Format): Promise<Uint8Array>;
  /** Ends what it has started; false when something hangs in the kernel and could not be ended within `graceSeconds`. */
  stop(graceSeconds: number): Promise<boolean>;
}
