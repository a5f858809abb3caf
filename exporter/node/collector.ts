import type { Scheduled } from '../config/configurable.ts';
import type { Option, OptionValues } from '../config/option.ts';
import type { Metric, Sample } from '../exposition/metric.ts';
import type { ContainerDirectory } from './containers/directory.ts';
import type { Facts } from './inventory/facts.ts';
import type { Report } from './report.ts';

/** What a collector is given for one run. */
export interface CollectorContext<Options extends Record<string, Option> = Record<string, Option>> extends Report {
  /** The containers of this host as the `containers` collector last saw them. */
  readonly containers: ContainerDirectory;
  /** What else that collector found out about the host; read them by `inventory/lookups.ts`, which minds their age. */
  readonly facts: Facts;
  /** The collector's own flags, `--collector.<name>.<key>`. */
  readonly options: OptionValues<Options>;
  /** Whether the program ends after this run (`--once`): it should not wait for what changes meanwhile. */
  readonly once?: boolean;
  /** Seconds by the monotonic clock, the same in all threads and until the host boots: for ages and intervals. */
  now(): number;
  /** Unix time in seconds by the system's clock: for timestamps that are exported, and beside those of files. */
  unixTime(): number;
}

/** What one run of a collector found. */
export interface Collection<State> {
  readonly samples: Iterable<Sample>;
  /**
   * Handed to the next run, which may be in another thread: a value for the structured clone algorithm.
   * It is all that a collector may remember.
   */
  readonly state?: State;
  /** How many known containers it could not measure, by reason; 0 for a reason that none has. */
  readonly unmeasured?: Readonly<Record<string, number>>;
}

/** One area of the host. Every collector is an object of this shape in the list of `collectors/index.ts`. */
export interface Collector<State = unknown, Options extends Record<string, Option> = Record<string, Option>>
  extends Scheduled {
  /** Where and how often it reads, and what to know about its values: Markdown sentences for docs/metrics.md. */
  readonly description: string;
  readonly metrics: readonly Metric[];
  readonly options: Options;
  /** Whether a run awaits a clock or an answer and reads nothing that a disk can block: such runs share a thread. */
  readonly nonBlocking?: boolean;
  /** Reads the host. What it throws makes the run fail; the last good values stay. */
  collect(
    context: CollectorContext<Options>,
    previous: State | undefined,
  ): Collection<State> | Promise<Collection<State>>;
}

/** A collector, with the types of its state and options inferred, and checked where it uses them. */
export function defineCollector<State, Options extends Record<string, Option>>(
  collector: Collector<State, Options>,
): Collector {
  return collector;
}
