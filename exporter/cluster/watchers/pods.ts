import { type Distribution, histogram, noObservations, observe, type Sample, sample } from '../../exposition/metric.ts';
import { stringProperty } from '../../formats/json.ts';
import { objectKey } from '../identity.ts';
import { Renewals } from '../nodes/renewals.ts';
import type { KubePod, Resource } from '../objects.ts';
import { runningContainers } from '../pod-containers.ts';
import type { Change, Observer, Watcher } from '../watcher.ts';

/**
 * In seconds: a kubelet sends a status within a second or two, unless its API rate limit or a slow runtime delays it.
 */
const BUCKETS = [0.5, 1, 2, 5, 10, 30, 60, 120, 300];

export const lag = histogram(
  'foreshock_pod_status_lag_seconds',
  "Seconds from a container's start to the first pod status that shows it running.",
  BUCKETS,
  ['node'],
);

/** Containers of a pod that are remembered besides the running ones: a status may omit some for a while. */
const MAX_FORMER_CONTAINERS = 16;

interface NodeLag {
  /** When its clock became known, by the monotonic clock; containers that started earlier may be old ones. */
  since: number | undefined;
  distribution: Distribution;
}

class Pods implements Observer {
  /** The nodes that exist. */
  readonly #nodes = new Map<string, NodeLag>();
  readonly #renewals = new Renewals();
  /** By pod, the IDs of containers that started during the watch and were seen running, joined by spaces. */
  readonly #seen = new Map<string, string>();
  /** Since this time of the monotonic clock no change of a pod was missed. */
  #since = Number.NEGATIVE_INFINITY;
  /** Whether changes may have been missed before the next one. */
  #gap = true;

  readonly observe = {
    pods: (change: Change<'pods'>) => this.#pod(change),
    leases: (change: Change<'leases'>) => this.#lease(change),
    nodes: (change: Change<'nodes'>) => this.#node(change),
  };

  interrupted(resource: Resource): void {
    if (resource === 'leases') this.#renewals.interrupted();
    if (resource === 'pods') this.#gap = true;
  }

  *samples(): Iterable<Sample> {
    for (const [node, { distribution }] of this.#nodes) yield sample(lag, distribution, { node });
  }

  #node({ type, id: { name: node } }: Change<'nodes'>): void {
    if (type === 'deleted') {
      this.#nodes.delete(node);
      this.#renewals.forget(node);
    } else if (!this.#nodes.has(node)) {
      this.#nodes.set(node, { since: undefined, distribution: noObservations(BUCKETS) });
    }
  }

  #lease(change: Change<'leases'>): void {
    const renewal = this.#renewals.take(change);
    const node = this.#nodes.get(change.id.name);
    if (!node) return;
    if (change.type === 'deleted') node.since = undefined;
    else if (renewal && change.type !== 'listed') node.since ??= change.arrivedAt;
  }

  #pod({ type, id, object, arrivedAt }: Change<'pods'>): void {
    const pod = objectKey(id);
    if (type === 'listed' || this.#gap) this.#since = arrivedAt;
    this.#gap = false;
    if (type === 'deleted') {
      this.#seen.delete(pod);
      return;
    }
    const seen = this.#seen.get(pod)?.split(' ') ?? [];
    const started = this.#started(object);
    const unseen = started.filter(({ id }) => !seen.includes(id));
    if (unseen.length === 0) return;
    const ids = started.map(({ id }) => id);
    const others = seen.filter((id) => !ids.includes(id)).slice(-MAX_FORMER_CONTAINERS);
    this.#seen.set(pod, [...others, ...ids].join(' '));
    // Only in a modified pod the start was seen; in a new one the container may have run before.
    if (type === 'modified') for (const { node, at } of unseen) this.#measure(node, arrivedAt - at);
  }

  /** The running containers that started during the watch, and when, by the exporter's monotonic clock. */
  #started(pod: KubePod): { readonly id: string; readonly node: NodeLag; readonly at: number }[] {
    const name = stringProperty(pod.spec, 'nodeName') ?? '';
    const node = this.#nodes.get(name);
    if (node?.since === undefined) return [];
    const since = Math.max(this.#since, node.since);
    return runningContainers(pod).flatMap(({ id, startedAt }) => {
      const at = this.#renewals.toExporterTime(name, startedAt);
      return at !== undefined && at >= since ? [{ id, node, at }] : [];
    });
  }

  #measure(node: NodeLag, seconds: number): void {
    node.distribution = observe(BUCKETS, node.distribution, Math.max(0, seconds));
  }
}

export const pods: Watcher = {
  name: 'pods',
  help: "the delay from a container's start to its pod's status",
  description:
    "Measured in a watch of pods when the status arrives. The start is the container's startedAt, which has whole " +
    'seconds, corrected for clock skew, estimated from lease renewals. Containers that started before the exporter ' +
    "watched, or before it saw a renewal of their node's lease, are not measured.",
  metrics: [lag],
  resources: ['pods', 'leases', 'nodes'],
  start: () => new Pods(),
};
