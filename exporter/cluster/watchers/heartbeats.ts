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
import type { Arrival, Change, Observer, Watcher } from '../watcher.ts';

/** In seconds: a kubelet renews every 10 s, its node is Unknown 40 s after the last renewal. */
const RENEW_BUCKETS = [11, 15, 20, 30, 40, 60, 120, 300];

/** In seconds: a kubelet patches when something changed, else every 5 min, or every 10 s without leases. */
const PATCH_BUCKETS = [11, 20, 40, 60, 120, 240, 330, 600];

export const renewTimestamp = gauge(
  'foreshock_kubelet_lease_renew_timestamp_seconds',
  "Unix time in seconds when the last renewal of the node's lease arrived.",
  ['node'],
);
export const renewInterval = histogram(
  'foreshock_kubelet_lease_renew_interval_seconds',
  "Seconds between the arrivals of two renewals of the node's lease.",
  RENEW_BUCKETS,
  ['node'],
);
export const patchTimestamp = gauge(
  'foreshock_kubelet_status_patch_timestamp_seconds',
  "Unix time in seconds when the kubelet's last patch of the node status arrived.",
  ['node'],
);
export const patchInterval = histogram(
  'foreshock_kubelet_status_patch_interval_seconds',
  "Seconds between the arrivals of two of the kubelet's patches of the node status.",
  PATCH_BUCKETS,
  ['node'],
);
export const patchLag = gauge(
  'foreshock_kubelet_status_patch_lag_seconds',
  'Seconds from computing the node status to the arrival of the patch that reports it.',
  ['node'],
);

/** The values of a node; times in seconds by the monotonic clock. */
interface Heartbeat {
  /** Whether the Node exists: its lease may be listed before it, and outlive it. */
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

  *samples(unixTime: (moment: number) => number): Iterable<Sample> {
    const timestamp = (moment: number | undefined) => (moment === undefined ? undefined : unixTime(moment));
    for (const [node, heartbeat] of this.#nodes) {
      if (!heartbeat.exists) continue;
      yield* sampleIfKnown(renewTimestamp, timestamp(heartbeat.renewedAt), { node });
      yield sample(renewInterval, heartbeat.renewIntervals, { node });
      yield* sampleIfKnown(patchTimestamp, timestamp(heartbeat.patchedAt), { node });
      yield sample(patchInterval, heartbeat.patchIntervals, { node });
      yield* sampleIfKnown(patchLag, heartbeat.lag, { node });
    }
  }

  #lease(change: Change<'leases'>): void {
    if (change.type === 'deleted') this.#withoutLease(change.id.name);
    const renewal = this.#renewals.take(change);
    if (!renewal) return;
    const { node, renewTime, interval } = renewal;
    const heartbeat = this.#heartbeat(node);
    const madeAt = this.#renewals.toExporterTime(node, renewTime) ?? momentOf(change, renewTime);
    heartbeat.renewedAt = arrivalOf(change, madeAt, heartbeat.renewedAt);
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
    const node = change.id.name;
    const patch = this.#patches.take(change);
    if (change.type === 'deleted') {
      this.#nodes.delete(node);
      this.#renewals.forget(node);
      return;
    }
    const heartbeat = this.#heartbeat(node);
    heartbeat.exists = true;
    if (!patch) return;
    heartbeat.patchedAt = arrivalOf(change, momentOf(change, patch.madeAt), heartbeat.patchedAt);
    heartbeat.lag = patch.heartbeat === undefined ? undefined : this.#lag(node, patch.heartbeat, change.arrivedAt);
    if (patch.interval !== undefined) {
      heartbeat.patchIntervals = observe(PATCH_BUCKETS, heartbeat.patchIntervals, patch.interval);
    }
  }

  /** Undefined while the offset of the node's clock is unknown: it would look like a lag. */
  #lag(node: string, computedAt: number, arrivedAt: number): number | undefined {
    const computed = this.#renewals.toExporterTime(node, computedAt);
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

/** When it arrived; from a list, when it was made, but not later than the list and not earlier than the known one. */
function arrivalOf({ type, arrivedAt }: Change, madeAt: number, known = Number.NEGATIVE_INFINITY): number {
  return type === 'listed' ? Math.max(known, Math.min(madeAt, arrivedAt)) : arrivedAt;
}

/** A Unix time of the API as a time of the monotonic clock. */
function momentOf({ arrivedAt, receivedAt }: Arrival, time: number): number {
  return arrivedAt - (receivedAt - time);
}

export const heartbeats: Watcher = {
  name: 'heartbeats',
  help: 'lease renewals and status patches of the kubelets',
  description:
    "From watches of leases and nodes, so they are updated at once. Arrivals are by the exporter's clock; for a renewal or patch " +
    'that is older than the watch, the timestamp is when it was made. A kubelet renews its lease every 10 s, and the ' +
    'node is Unknown if renewals stop; it patches the status when something changes, else every 5 minutes. Patches ' +
    'by others, such as the one of the node controller to Unknown, do not count. Intervals across an interruption of ' +
    'the watch are not measured. The lag begins at the newest lastHeartbeatTime, which has whole seconds, and is ' +
    'corrected for clock skew, estimated from lease renewals; it is as old as the last patch.',
  metrics: [renewTimestamp, renewInterval, patchTimestamp, patchInterval, patchLag],
  resources: ['leases', 'nodes'],
  start: () => new Heartbeats(),
};
