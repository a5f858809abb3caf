import { type Container, type Owner, ownerKey, ownerOf } from './container.ts';

/** Sums by owner that live on while any container of that owner does: what a counter is made of. */
export type Totals = ReadonlyMap<string, OwnerTotal>;

export interface OwnerTotal {
  readonly owner: Owner;
  readonly total: number;
}

/** What one container adds to the sum of its owner. */
export interface Increase {
  readonly owner: Owner;
  readonly by: number;
}

/**
 * The next totals: restarts and replicas of a container under one name add up, and a total never falls. An owner that
 * has no container any more is forgotten.
 */
export function addToTotals(previous: Totals | undefined, increases: Iterable<Increase>): Totals {
  const totals = new Map<string, OwnerTotal>();
  for (const { owner, by } of increases) {
    const key = ownerKey(owner);
    const before = totals.get(key)?.total ?? previous?.get(key)?.total ?? 0;
    totals.set(key, { owner: ownerOf(owner), total: before + by });
  }
  return totals;
}

/** Counters that the kernel keeps for each container, and what they make by owner since this exporter started. */
export interface CgroupCounters {
  /** By container id, as last read. */
  readonly counts: ReadonlyMap<string, number>;
  readonly totals: Totals;
}

/** The counters after one more read. All containers of the host are in them, so that a counter stays while its container is down. */
export function advance(
  previous: CgroupCounters | undefined,
  containers: readonly Container[],
  counts: ReadonlyMap<string, number>,
): CgroupCounters {
  const increases = containers.map((owner) => ({ owner, by: increase(previous, owner.id, counts.get(owner.id)) }));
  return { counts, totals: addToTotals(previous?.totals, increases) };
}

/**
 * What a container had when the exporter started is not counted: a restart of the exporter is not a burst. A container
 * that was restarted counts from 0 again.
 */
function increase(previous: CgroupCounters | undefined, id: string, now: number | undefined): number {
  if (!previous || now === undefined) return 0;
  const before = previous.counts.get(id) ?? 0;
  return now >= before ? now - before : now;
}
