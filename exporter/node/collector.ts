import type { Scheduled } from '../config/configurable.ts';
import type { Option, OptionValues } from '../config/option.ts';
import type { Metric, Sample } from '../exposition/metric.ts';
import type { ContainerDirectory } from './containers/directory.ts';
import type { Facts } from './inventory/facts.ts';
import type { HostTree } from './inventory/visibility.ts';
import type { Notice, Report } from './report.ts';

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
  /** What changed since the last run that whoever reads the log should know. */
  readonly notices?: readonly Notice[];
  /** How many known containers it could not measure, by one of its reasons; 0 for a reason that is not given. */
  readonly unmeasured?: Readonly<Record<string, number>>;
  /** Why nobody should rely on any metric now, if so: for whoever asks whether the exporter is ready. */
  readonly notReady?: string;
}

/**
 * What a collector takes from a tree of the host: all of its values, so that it does not run where the tree shows no host,
 * and keeps its last ones; or a part of them, so that it runs, and the run counts as failed.
 */
export type Reads = Readonly<Partial<Record<HostTree, 'all' | 'part'>>>;

/** One area of the host. Every collector is an object of this shape in the list of `collectors/index.ts`. */
export interface Collector<State = unknown, Options extends Record<string, Option> = Record<string, Option>>
  extends Scheduled {
  /** Where and how often it reads, and what to know about its values: Markdown sentences for docs/metrics.md. */
  readonly description: string;
  readonly metrics: readonly Metric[];
  readonly options: Options;
  readonly reads?: Reads;
  /** Why it may not be able to measure a container that is known; of a collector that measures each container. */
  readonly unmeasuredReasons?: readonly string[];
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
