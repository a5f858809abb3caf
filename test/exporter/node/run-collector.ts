import type { Collection, Collector, CollectorContext } from '../../../exporter/node/collector.ts';
import { ContainerDirectory } from '../../../exporter/node/containers/directory.ts';
import type { Host } from '../../../exporter/node/host/host.ts';

/** What one run found, and what it said beside. */
export interface Run extends Omit<Collection<unknown>, 'samples'> {
  /** Values by metric and labels, in the notation of the text format without our prefix: `mounts`, `images{a="b"}`. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly faults: readonly string[];
  readonly absent: readonly string[];
}

interface Given extends Partial<CollectorContext> {
  /** What the run before left. */
  readonly previous?: unknown;
}

/** A context of which `given` is what matters: a host without containers, on which nothing is known yet. */
export function contextOf(host: Host, given: Partial<CollectorContext> = {}): CollectorContext {
  const silent = () => undefined;
  return {
    host,
    containers: new ContainerDirectory(),
    facts: {},
    options: {},
    now: () => 1000,
    // Not the same, so that a test notices when one stands for the other.
    unixTime: () => 1_800_000_000,
    progress: silent,
    fault: silent,
    absent: silent,
    ...given,
  };
}

/** Runs a collector in this thread, with the defaults of the options that are not given. Rejects when the run fails. */
export async function runCollector(
  collector: Collector,
  host: Host,
  { previous, options, ...given }: Given = {},
): Promise<Run> {
  const defaults = Object.entries(collector.options).map(([name, option]) => [name, option.default]);
  const faults: string[] = [];
  const absent: string[] = [];
  const context = contextOf(host, {
    options: { ...Object.fromEntries(defaults), ...options },
    fault: (about, error) => faults.push(`${about}: ${error instanceof Error ? error.message : error}`),
    absent: (what) => absent.push(what),
    ...given,
  });
  // It comes from another thread.
  const { samples, ...rest } = await collector.collect(context, structuredClone(previous));
  const values = [...samples].map(({ metric, labels, value }) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${text}"`);
    const name = metric.name.replace('foreshock_', '');
    return [pairs.length > 0 ? `${name}{${pairs.join(',')}}` : name, value];
  });
  return { ...rest, values: Object.fromEntries(values), faults, absent };
}
