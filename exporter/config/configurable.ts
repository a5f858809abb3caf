import type { Option } from './option.ts';

/** A collector of the node role or a watcher of the cluster role: it has a switch `--collector.<name>`. */
export interface Configurable {
  /** As in `--collector.<name>` and the label `collector`. */
  readonly name: string;
  /** What it measures: goes on after "Export", without a period. */
  readonly help: string;
}

/** A collector of the node role: it also has `--collector.<name>.schedule`, `.timeout` and its own flags. */
export interface Scheduled extends Configurable {
  /** When it runs, in node-cron's syntax with seconds, unless `--collector.<name>.schedule` says otherwise. */
  readonly schedule: string;
  /** Seconds without progress after which a run counts as stuck, unless `--collector.<name>.timeout` says otherwise. */
  readonly timeoutSeconds: number;
  /** Its own flags by key; `--collector.<name>.<key>` each. */
  readonly options: Readonly<Record<string, Option>>;
}
