import type { Resource } from '../objects.ts';

/** How the API server serves a resource. */
export interface ResourceLocation {
  /** The API group, as a ClusterRole names it. */
  readonly group: string;
  readonly path: string;
  /** Seconds after which the server is asked to end a watch: anything between, so that not all watches end together. */
  readonly watchSeconds: { readonly min: number; readonly max: number };
}

/** As client-go's Reflector asks. */
const LONG = { min: 300, max: 600 };

/** A quiet watch without bookmarks cannot be told from a dead one: it ends before it would be given up. */
const SHORT = { min: 100, max: 140 };

/**
 * Leases of nodes are those of one namespace; the others belong to leader elections. Bookmarks come from the API
 * server's watch cache, which it does not keep for events.
 */
export const RESOURCES: { readonly [Name in Resource]: ResourceLocation } = {
  nodes: { group: '', path: '/api/v1/nodes', watchSeconds: LONG },
  leases: {
    group: 'coordination.k8s.io',
    path: '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases',
    watchSeconds: LONG,
  },
  events: { group: '', path: '/api/v1/events', watchSeconds: SHORT },
  pods: { group: '', path: '/api/v1/pods', watchSeconds: LONG },
};
