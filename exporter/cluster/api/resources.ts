import type { Resource } from '../objects.ts';

/** How the API server serves a resource. */
export interface ResourceLocation {
  /** The API group, as a ClusterRole names it. */
  readonly group: string;
  readonly path: string;
  /** Seconds after which the server should end a watch: a random number in between, so that not all end together. */
  readonly watchSeconds: { readonly min: number; readonly max: number };
  /** Objects that may exist at a time: a server that sends more is broken, and each object costs memory. */
  readonly maxObjects: number;
}

/** As in client-go's Reflector. */
const LONG_WATCH_SECONDS = { min: 300, max: 600 };

/** A quiet watch without bookmarks looks like a dead one, so it must end before the idle timeout. */
const SHORT_WATCH_SECONDS = { min: 100, max: 140 };

/** The largest clusters of a cloud have 65,000 nodes (Google Kubernetes Engine); Kubernetes supports 5,000. */
const MAX_NODES = 70_000;

/** Kubernetes supports 150,000 pods; events live for an hour. Of each object about 200 bytes are kept. */
const MAX_PODS = 500_000;
const MAX_EVENTS = 500_000;

/**
 * The leases of nodes are in one namespace; others belong to leader elections. Bookmarks come from the API server's
 * watch cache, which it does not have for events.
 */
export const RESOURCES: { readonly [Name in Resource]: ResourceLocation } = {
  nodes: { group: '', path: '/api/v1/nodes', watchSeconds: LONG_WATCH_SECONDS, maxObjects: MAX_NODES },
  leases: {
    group: 'coordination.k8s.io',
    path: '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases',
    watchSeconds: LONG_WATCH_SECONDS,
    maxObjects: MAX_NODES,
  },
  events: { group: '', path: '/api/v1/events', watchSeconds: SHORT_WATCH_SECONDS, maxObjects: MAX_EVENTS },
  pods: { group: '', path: '/api/v1/pods', watchSeconds: LONG_WATCH_SECONDS, maxObjects: MAX_PODS },
};
