import { type Owner, ownerKey, ownerOf } from './container.ts';

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
