import type { Collection, Collector, CollectorContext } from '../collector.ts';
import { describeHidden, HIDDEN, type HiddenTree, HOST_TREES, hiddenTrees } from '../inventory/visibility.ts';

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
 * Runs a collector, unless a tree that all of its values come from shows no host, before or after: throws `HostHidden` then.
 * A hidden tree that it takes a part from is a fault of the run. Each run looks for itself, as the inventory, which says the
 * same, may be of a moment ago.
 */
export async function runCollector(
  collector: Collector,
  context: CollectorContext,
  previous: unknown,
): Promise<Collection<unknown>> {
  const { reads = {}, unmeasuredReasons: reasons = [] } = collector;
  const none = Object.fromEntries(reasons.map((reason) => [reason, 0]));
  const look = (extent: 'all' | 'part') => {
    const trees = HOST_TREES.filter((tree) => reads[tree] === extent);
    for (const tree of trees) context.progress(`--path.${tree}`);
    return hiddenTrees(context.host, context.facts.mounts?.value.count, trees);
  };
  const refuseIfHidden = () => {
    const [hidden] = look('all');
    const count = context.containers.containers.length;
    if (hidden) throw new HostHidden(hidden, reasons.includes(HIDDEN) ? { ...none, [HIDDEN]: count } : none);
  };
  refuseIfHidden();
  const collection = await collector.collect(context, previous);
  refuseIfHidden();
  for (const hidden of look('part')) context.fault(`--path.${hidden.tree}`, new Error(describeHidden(hidden)));
  return { ...collection, unmeasured: { ...none, ...collection.unmeasured } };
}
