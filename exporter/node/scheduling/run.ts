import type { Collection, Collector, CollectorContext } from '../collector.ts';
import { describeHidden, HIDDEN, type HiddenTree } from '../inventory/visibility.ts';

/** A collector that did not run, because what it reads shows no host. */
export class HostHidden extends Error {
  override readonly name = 'HostHidden';
  readonly unmeasured: Readonly<Record<string, number>>;

  constructor(hidden: HiddenTree, unmeasured: Readonly<Record<string, number>>) {
    super(describeHidden(hidden));
    this.unmeasured = unmeasured;
  }
}

/**
 * Runs a collector, unless the last inventory says that a tree that all of its values come from shows no host: throws
 * `HostHidden` then. A hidden tree that it takes a part from is a fault of the run.
 */
export async function runCollector(
  collector: Collector,
  context: CollectorContext,
  previous: unknown,
): Promise<Collection<unknown>> {
  const { reads = {}, unmeasuredReasons: reasons = [] } = collector;
  const none = Object.fromEntries(reasons.map((reason) => [reason, 0]));
  for (const hidden of context.facts.visibility?.value.hidden ?? []) {
    const count = context.containers.containers.length;
    if (reads[hidden.tree] === 'all') {
      throw new HostHidden(hidden, reasons.includes(HIDDEN) ? { ...none, [HIDDEN]: count } : none);
    }
    if (reads[hidden.tree] === 'part') context.fault(`--path.${hidden.tree}`, new Error(describeHidden(hidden)));
  }
  const collection = await collector.collect(context, previous);
  return { ...collection, unmeasured: { ...none, ...collection.unmeasured } };
}
