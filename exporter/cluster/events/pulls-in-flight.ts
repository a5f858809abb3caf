import { BoundedMap } from '../bounded-map.ts';
import type { Arrival } from '../watcher.ts';

/** A pull without an end is forgotten after this time: its end was not reported, or the kubelet is gone. */
export const MAX_PULL_SECONDS = 3600;

/** Pulls in flight in the whole cluster. */
const MAX_PULLS = 20_000;

/** A pull: of a container, or of an image of a pod. */
export interface PullKey {
  readonly node: string;
  /** The pod's uid, a space, and its container or the image. */
  readonly id: string;
}

/** The start of a pull, as its event reports it. */
export interface PullStart extends PullKey {
  readonly image: string;
  /** By the node's clock, in whole seconds of Unix time. */
  readonly reportedAt: number;
}

interface Pull {
  readonly node: string;
  readonly image: string;
  /** When it began, by the exporter's monotonic clock. */
  readonly since: number;
  /** The same by the node's clock, in whole seconds of Unix time. */
  readonly reportedAt: number;
}

export interface NodePulls {
  readonly count: number;
  /** The pull that began first. */
  readonly oldest: { readonly image: string; readonly since: number };
}

/** Image pulls that are in progress or waiting in the queue. */
export class PullsInFlight {
  readonly #pulls = new BoundedMap<string, Pull>(MAX_PULLS);
  /** By pull or node, the last end in the current list of events, which are in no order. */
  readonly #listedEnds = new BoundedMap<string, number>(MAX_PULLS);

  started({ id, node, image, reportedAt }: PullStart, { arrivedAt }: Arrival): void {
    this.#listedEnds.clear();
    this.#pulls.set(id, { node, image, since: arrivedAt, reportedAt });
  }

  ended({ id }: PullKey): void {
    this.#listedEnds.clear();
    this.#pulls.delete(id);
  }

  /** The kubelet of a node restarted, which ends its pulls. */
  kubeletRestarted(node: string): void {
    this.#listedEnds.clear();
    this.#forget((pull) => pull.node === node);
  }

  /** A deleted pod no longer waits for an image. */
  podDeleted(uid: string): void {
    for (const [id] of this.#pulls) if (id.startsWith(`${uid} `)) this.#pulls.delete(id);
  }

  /** A start in a list of events: the pull is in flight unless the list also has an end that is not earlier. */
  listedStart({ id, node, image, reportedAt }: PullStart, { arrivedAt, receivedAt }: Arrival): void {
    const endedAt = Math.max(this.#listedEnds.get(id) ?? 0, this.#listedEnds.get(node) ?? 0);
    const age = Math.max(0, receivedAt - reportedAt);
    if (endedAt >= reportedAt || age >= MAX_PULL_SECONDS) return;
    const known = this.#pulls.get(id);
    if (known && known.reportedAt >= reportedAt) return;
    this.#pulls.set(id, { node, image, since: arrivedAt - age, reportedAt });
  }

  listedEnd({ id }: PullKey, reportedAt: number): void {
    this.#listedEnds.set(id, Math.max(reportedAt, this.#listedEnds.get(id) ?? 0));
    const pull = this.#pulls.get(id);
    if (pull && pull.reportedAt <= reportedAt) this.#pulls.delete(id);
  }

  listedRestart(node: string, reportedAt: number): void {
    this.#listedEnds.set(node, Math.max(reportedAt, this.#listedEnds.get(node) ?? 0));
    this.#forget((pull) => pull.node === node && pull.reportedAt <= reportedAt);
  }

  /** The pulls of the last hour, by node; `now` and what it returns by the monotonic clock. */
  byNode(now: number): Map<string, NodePulls> {
    this.#forget((pull) => pull.since <= now - MAX_PULL_SECONDS);
    const nodes = new Map<string, NodePulls>();
    for (const [, pull] of this.#pulls) {
      const { count, oldest } = nodes.get(pull.node) ?? { count: 0, oldest: pull };
      nodes.set(pull.node, { count: count + 1, oldest: pull.since < oldest.since ? pull : oldest });
    }
    return nodes;
  }

  #forget(isOver: (pull: Pull) => boolean): void {
    for (const [id, pull] of this.#pulls) if (isOver(pull)) this.#pulls.delete(id);
  }
}
