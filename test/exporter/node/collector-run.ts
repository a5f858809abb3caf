import type { Collection, Collector } from '../../../exporter/node/collector.ts';
import { ContainerDirectory } from '../../../exporter/node/containers/directory.ts';
import type { Host } from '../../../exporter/node/host/host.ts';

/** One run of a collector, and what it said beside its samples. */
export interface Run extends Collection<unknown> {
  /** Values by `name{label values}`; of histograms the counts. */
  readonly values: Record<string, unknown>;
  readonly faults: readonly string[];
  readonly absent: readonly string[];
}

interface Settings {
  readonly options?: Record<string, string | number | boolean>;
  readonly previous?: unknown;
  /** Seconds, by both clocks. */
  readonly now?: number;
}

/** Runs a collector in this thread, on a host without containers, with its options' defaults unless others are given. */
export async function runOnce(
  collector: Collector,
  host: Host,
  { options = {}, previous, now = 1_800_000_000 }: Settings = {},
): Promise<Run> {
  const defaults = Object.entries(collector.options).map(([key, option]) => [key, option.default]);
  const faults: string[] = [];
  const absent: string[] = [];
  const context = {
    host,
    containers: new ContainerDirectory(),
    facts: {},
    options: { ...Object.fromEntries(defaults), ...options },
    now: () => now,
    unixTime: () => now,
    progress: () => {},
    fault: (about: string, error: unknown) =>
      void faults.push(`${about}: ${error instanceof Error ? error.message : error}`),
    absent: (what: string) => void absent.push(what),
  };
  const collection = await collector.collect(context, previous);
  const values = [...collection.samples].map(({ metric, labels, value }) => [
    `${metric.name}{${Object.values(labels).join(',')}}`,
    typeof value === 'number' ? value : value.counts,
  ]);
  return { ...collection, values: Object.fromEntries(values), faults, absent };
}
