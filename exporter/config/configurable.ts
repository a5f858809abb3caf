import type { Option } from './option.ts';

/** What has a switch `--collector.<name>`: a watcher of the cluster role, or a collector of the node role. */
export interface Configurable {
  /** As in `--collector.<name>` and the label `collector`. */
  readonly name: string;
  /** What it measures, for `--help`: goes on after "Export", without a period. */
  readonly help: string;
}

/** What also has `--collector.<name>.schedule`, `.timeout` and flags of its own. */
export interface Scheduled extends Configurable {
  /** When it runs, in node-cron's syntax with seconds, unless `--collector.<name>.schedule` says otherwise. */
  readonly schedule: string;
  /** Seconds without progress after which a run counts as stuck, unless `--collector.<name>.timeout` says otherwise. */
  readonly timeoutSeconds: number;
  /** Its own flags by key; `--collector.<name>.<key>` each. */
  readonly options: Readonly<Record<string, Option>>;
}
