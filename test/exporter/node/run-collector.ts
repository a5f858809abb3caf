import type { Collector } from '../../../exporter/node/collector.ts';
import type { Container } from '../../../exporter/node/containers/container.ts';
import { ContainerDirectory } from '../../../exporter/node/containers/directory.ts';
import type { Host } from '../../../exporter/node/host/host.ts';

/** What one run found, and what it said. */
export interface Run {
  /** Values by metric and labels, in the notation of the text format, without the prefix. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly state: unknown;
  readonly faults: readonly string[];
  readonly absent: readonly string[];
}

/** Runs a collector that has no options of its own and answers at once. */
export function runCollector(
  collector: Collector,
  host: Host,
  { previous, containers = [] }: { previous?: unknown; containers?: readonly Container[] } = {},
): Run {
  const [faults, absent]: string[][] = [[], []];
  const context = {
    host,
    containers: new ContainerDirectory({ containers, pods: [] }),
    facts: {},
    options: {},
    now: () => 0,
    unixTime: () => 0,
    progress: () => {},
    fault: (about: string, error: unknown) => void faults?.push(`${about}: ${error}`),
    absent: (what: string) => void absent?.push(what),
  };
  const collection = collector.collect(context, previous);
  if (collection instanceof Promise) throw new Error('does not answer at once');
  const values = [...collection.samples].map(({ metric, labels, value }) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${text}"`);
    const name = metric.name.replace('foreshock_', '');
    return [pairs.length > 0 ? `${name}{${pairs.join(',')}}` : name, value];
  });
  return { values: Object.fromEntries(values), state: collection.state, faults: faults ?? [], absent: absent ?? [] };
}
