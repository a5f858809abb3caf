import { type Distribution, histogram, noObservations, observe, type Sample, sample } from '../../exposition/metric.ts';
import { stringProperty } from '../../formats/json.ts';
import { objectKey } from '../identity.ts';
import { Renewals } from '../nodes/renewals.ts';
import type { KubePod, Resource } from '../objects.ts';
import { runningContainers } from '../pod-containers.ts';
import type { Change, Observer, Watcher } from '../watcher.ts';

/** Seconds: a kubelet sends a status within a second or two, unless its API rate limit or a slow runtime is in the way. */
const BUCKETS = [0.5, 1, 2, 5, 10, 30, 60, 120, 300];

export const lag = histogram(
  'foreshock_pod_status_lag_seconds',
  "Seconds from a container's start to the first pod status that shows it running.",
  BUCKETS,
  ['node'],
);

/** Containers of a pod that are remembered besides those that run: a status may leave some out for a while. */
const FORMER = 16;

interface NodeLag {
  /** When its clock became known, in seconds of Unix time; containers that started before cannot be told from old ones. */
  since: number | undefined;
  distribution: Distribution;
}

class Pods implements Observer {
  /** The nodes that exist. */
  readonly #nodes = new Map<string, NodeLag>();
  readonly #renewals = new Renewals();
  /** Ids of containers that started while we watched and were seen to run, joined by spaces, by pod. */
  readonly #seen = new Map<string, string>();
  /** Since when no change of a pod was missed, in seconds of Unix time. */
  #since = 0;
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
    else if (renewal && change.type !== 'listed') node.since ??= change.receivedAt;
  }

  #pod({ type, id, object, receivedAt }: Change<'pods'>): void {
    const pod = objectKey(id);
    if (type === 'listed' || this.#gap) this.#since = receivedAt;
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
    const others = seen.filter((id) => !ids.includes(id)).slice(-FORMER);
    this.#seen.set(pod, [...others, ...ids].join(' '));
    // A pod that is new here and runs already was not seen before it ran.
    if (type === 'modified') for (const { node, at } of unseen) this.#measured(node, receivedAt - at);
  }

  /** The running containers that started while we watched, with the moment by our clock. */
  #started(pod: KubePod): { readonly id: string; readonly node: NodeLag; readonly at: number }[] {
    const name = stringProperty(pod.spec, 'nodeName') ?? '';
    const node = this.#nodes.get(name);
    if (node?.since === undefined) return [];
    const since = Math.max(this.#since, node.since);
    return runningContainers(pod).flatMap(({ id, startedAt }) => {
      const at = this.#renewals.ours(name, startedAt);
      return at !== undefined && at >= since ? [{ id, node, at }] : [];
    });
  }

  #measured(node: NodeLag, seconds: number): void {
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
