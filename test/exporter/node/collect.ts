import type { Collector, CollectorContext } from '../../../exporter/node/collector.ts';
import { ContainerDirectory } from '../../../exporter/node/containers/directory.ts';
import type { Host } from '../../../exporter/node/host/host.ts';

/** What a run found and said: samples by metric and labels, what was faulty and what was absent. */
export interface Run {
  readonly values: Record<string, unknown>;
  readonly faults: readonly string[];
  readonly absences: readonly string[];
  readonly state: unknown;
}

/** A context for code below a collector, of which `given` is what matters. */
export function contextOf(host: Host, given: Partial<CollectorContext> = {}): CollectorContext {
  const silent = () => undefined;
  const containers = new ContainerDirectory();
  return {
    host,
    containers,
    facts: {},
    options: {},
    now: () => 1000,
    unixTime: () => 1000,
    progress: silent,
    fault: silent,
    absent: silent,
    ...given,
  };
}

/** Runs a collector in this thread, with its default options and what the run before left in `state`. */
export async function collect(
  collector: Collector,
  host: Host,
  given: Partial<CollectorContext> = {},
  state?: unknown,
): Promise<Run> {
  const faults: string[] = [];
  const absences: string[] = [];
  const defaults = Object.entries(collector.options).map(([name, option]) => [name, option.default]);
  const context = contextOf(host, {
    options: Object.fromEntries(defaults),
    fault: (about, error) => faults.push(`${about}: ${(error as Error).message}`),
    absent: (what) => absences.push(what),
    ...given,
  });
  const collection = await collector.collect(context, structuredClone(state));
  const values: Record<string, unknown> = {};
  for (const { metric, labels, value } of collection.samples) {
    values[[metric.name, ...Object.values(labels)].join(' ')] = value;
  }
  return { values, faults, absences, state: collection.state };
}
