import {
  type Distribution,
  gauge,
  histogram,
  noObservations,
  observe,
  type Sample,
  sample,
  sampleIfKnown,
} from '../../exposition/metric.ts';
import { Renewals } from '../nodes/renewals.ts';
import { StatusPatches } from '../nodes/status-patches.ts';
import type { Resource } from '../objects.ts';
import type { Change, Observer, Watcher } from '../watcher.ts';

/** Seconds: a kubelet renews every 10 s, its node is Unknown 40 s after the last renewal. */
const RENEW_BUCKETS = [11, 15, 20, 30, 40, 60, 120, 300];

/** Seconds: a kubelet patches when something changed, or else every 5 min, or every 10 s without leases. */
const PATCH_BUCKETS = [11, 20, 40, 60, 120, 240, 330, 600];

export const renewTimestamp = gauge(
  'foreshock_kubelet_lease_renew_timestamp_seconds',
  "When the last renewal of the node's lease arrived, by the exporter's clock; the renewTime of a lease that has not " +
    'been renewed since the exporter began to watch. A kubelet renews every 10 s. Watched, so never old.',
  ['node'],
);
export const renewInterval = histogram(
  'foreshock_kubelet_lease_renew_interval_seconds',
  "Time between the arrivals of two renewals of the node's lease, which is what the node's life depends on. Gaps of the " +
    'watch are not measured.',
  RENEW_BUCKETS,
  ['node'],
);
export const patchTimestamp = gauge(
  'foreshock_kubelet_status_patch_timestamp_seconds',
  "When the kubelet's last patch of the node's status arrived, by the exporter's clock; when it was made, if that was " +
    'before the exporter began to watch. Patches of others, as the controller makes to Unknown, do not count. Watched, so never old.',
  ['node'],
);
export const patchInterval = histogram(
  'foreshock_kubelet_status_patch_interval_seconds',
  "Time between the arrivals of two of the kubelet's patches of the node's status; every 5 min while nothing changes. " +
    'Gaps of the watch are not measured.',
  PATCH_BUCKETS,
  ['node'],
);
export const patchLag = gauge(
  'foreshock_kubelet_status_patch_lag_seconds',
  "How long the kubelet's last patch of the node's status took from its computation (the newest lastHeartbeatTime, in " +
    "whole seconds) to its arrival, freed of the difference between the node's clock and the exporter's, which its renewals tell. As old as the patch.",
  ['node'],
);

/** What is exported of a node. Moments in seconds of Unix time. */
interface Heartbeat {
  /** Whether there is a node object: leases may be listed before it, and outlive it. */
  exists: boolean;
  renewedAt: number | undefined;
  renewIntervals: Distribution;
  patchedAt: number | undefined;
  patchIntervals: Distribution;
  lag: number | undefined;
}

class Heartbeats implements Observer {
  readonly #nodes = new Map<string, Heartbeat>();
  readonly #renewals = new Renewals();
  readonly #patches = new StatusPatches();

  readonly observe = {
    leases: (change: Change<'leases'>) => this.#lease(change),
    nodes: (change: Change<'nodes'>) => this.#node(change),
  };

  interrupted(resource: Resource): void {
    if (resource === 'leases') this.#renewals.interrupted();
    if (resource === 'nodes') this.#patches.interrupted();
  }

  *samples(): Iterable<Sample> {
    for (const [node, heartbeat] of this.#nodes) {
      if (!heartbeat.exists) continue;
      yield* sampleIfKnown(renewTimestamp, heartbeat.renewedAt, { node });
      yield sample(renewInterval, heartbeat.renewIntervals, { node });
      yield* sampleIfKnown(patchTimestamp, heartbeat.patchedAt, { node });
      yield sample(patchInterval, heartbeat.patchIntervals, { node });
      yield* sampleIfKnown(patchLag, heartbeat.lag, { node });
    }
  }

  #lease(change: Change<'leases'>): void {
    const name = change.object.metadata?.name;
    if (change.type === 'deleted' && name !== undefined) this.#withoutLease(name);
    const renewal = this.#renewals.take(change);
    if (!renewal) return;
    const { node, renewTime, interval } = renewal;
    const heartbeat = this.#heartbeat(node);
    const made = this.#renewals.ours(node, renewTime) ?? renewTime;
    heartbeat.renewedAt = momentOf(change, made, heartbeat.renewedAt);
    if (interval !== undefined) {
      heartbeat.renewIntervals = observe(RENEW_BUCKETS, heartbeat.renewIntervals, interval);
    }
  }

  #withoutLease(node: string): void {
    const heartbeat = this.#nodes.get(node);
    if (heartbeat?.exists) heartbeat.renewedAt = undefined;
    else this.#nodes.delete(node);
  }

  #node(change: Change<'nodes'>): void {
    const node = change.object.metadata?.name;
    if (node === undefined) return;
    const patch = this.#patches.take(change);
    if (change.type === 'deleted') {
      this.#nodes.delete(node);
      this.#renewals.forget(node);
      return;
    }
    const heartbeat = this.#heartbeat(node);
    heartbeat.exists = true;
    if (!patch) return;
    heartbeat.patchedAt = momentOf(change, patch.madeAt, heartbeat.patchedAt);
    heartbeat.lag = patch.heartbeat === undefined ? undefined : this.#lag(node, patch.heartbeat, change.receivedAt);
    if (patch.interval !== undefined) {
      heartbeat.patchIntervals = observe(PATCH_BUCKETS, heartbeat.patchIntervals, patch.interval);
    }
  }

  /** Unknown while the clock of the node is: its difference from ours would look like a lag. */
  #lag(node: string, computedAt: number, arrivedAt: number): number | undefined {
    const computed = this.#renewals.ours(node, computedAt);
    return computed === undefined ? undefined : Math.max(0, arrivedAt - computed);
  }

  #heartbeat(node: string): Heartbeat {
    const known = this.#nodes.get(node);
    if (known) return known;
    const heartbeat: Heartbeat = {
      exists: false,
      renewedAt: undefined,
      renewIntervals: noObservations(RENEW_BUCKETS),
      patchedAt: undefined,
      patchIntervals: noObservations(PATCH_BUCKETS),
      lag: undefined,
    };
    this.#nodes.set(node, heartbeat);
    return heartbeat;
  }
}

/** When it arrived; from a list, when it was made, but not after it was listed nor before the one known so far. */
function momentOf({ type, receivedAt }: Change, madeAt: number, known = 0): number {
  return type === 'listed' ? Math.max(known, Math.min(madeAt, receivedAt)) : receivedAt;
}

export const heartbeats: Watcher = {
  name: 'heartbeats',
  help: "renewals of the nodes' leases, and the kubelets' status patches",
  metrics: [renewTimestamp, renewInterval, patchTimestamp, patchInterval, patchLag],
  resources: ['leases', 'nodes'],
  start: () => new Heartbeats(),
};
