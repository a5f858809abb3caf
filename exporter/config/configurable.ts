import type { Option } from './option.ts';

/** A collector of the node role or a watcher of the cluster role: it has a switch `--collector.<name>`. */
export interface Configurable {
  readonly name: string;
  /** What it measures: goes on after "Export", without a period. */
  readonly help: string;
}

/** A collector of the node role: it also has `--collector.<name>.schedule`, `.timeout` and its own flags. */
export interface Scheduled extends Configurable {
  /** In node-cron's syntax with seconds. */
  readonly schedule: string;
  /** Seconds without progress after which a run counts as stuck. */
  readonly timeout: number;
  /** Its own flags by key. */
  readonly options: Readonly<Record<string, Option>>;
}
