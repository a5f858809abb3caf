import type { Option } from './option.ts';

/** What has a switch `--collector.<name>`: a watcher of the cluster role, or a collector of the node role. */
export interface Configurable {
  readonly name: string;
  /** What it measures, as it goes on after "Export". */
  readonly help: string;
}

/** What also has `--collector.<name>.schedule`, `.timeout` and flags of its own. */
export interface Scheduled extends Configurable {
  /** In node-cron's syntax with seconds. */
  readonly schedule: string;
  /** Seconds without progress after which a run counts as stuck. */
  readonly timeout: number;
  /** Its own flags by key. */
  readonly options: Readonly<Record<string, Option>>;
}
