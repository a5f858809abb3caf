import { BoundedMap } from '../bounded-map.ts';

/** Seconds after which a pull that nobody ended is forgotten: its end was not told, or the kubelet is gone. */
export const LONGEST_PULL = 3600;

/** Pulls in all the cluster. */
const LIMIT = 20_000;

/** A pull: of a container, or of an image of a pod. */
export interface PullKey {
  readonly node: string;
  /** Begins with the pod's uid and a space. */
  readonly id: string;
}

/** The start of a pull, as its event tells it. */
export interface PullStart extends PullKey {
  readonly image: string;
  /** By the node's clock, in whole seconds. */
  readonly toldAt: number;
}

interface Pull {
  readonly node: string;
  readonly image: string;
  /** When it began, by our clock. */
  readonly since: number;
  /** The same by the node's clock, in whole seconds. */
  readonly toldAt: number;
}

export interface NodePulls {
  readonly count: number;
  /** The one that began first. */
  readonly oldest: { readonly image: string; readonly since: number };
}

/** Images that are being pulled, in the queue or on the way. Times are seconds of Unix time. */
export class PullsInFlight {
  readonly #pulls = new BoundedMap<string, Pull>(LIMIT);
  /** By pull or node: the last end in the list that is being taken. Its events come in any order. */
  readonly #listedEnds = new BoundedMap<string, number>(LIMIT);

  started({ id, node, image, toldAt }: PullStart, receivedAt: number): void {
    this.#listedEnds.clear();
    this.#pulls.set(id, { node, image, since: receivedAt, toldAt });
  }

  ended({ id }: PullKey): void {
    this.#listedEnds.clear();
    this.#pulls.delete(id);
  }

  /** The pulls of a node end with its kubelet. */
  restarted(node: string): void {
    this.#listedEnds.clear();
    this.#forget((pull) => pull.node === node);
  }

  /** A pod that is deleted waits for no image. */
  podGone(uid: string): void {
    for (const [id] of this.#pulls) if (id.startsWith(`${uid} `)) this.#pulls.delete(id);
  }

  /** A list has a start: of a pull that goes on, unless an end as late is in the list. */
  listedStart({ id, node, image, toldAt }: PullStart, receivedAt: number): void {
    const endedAt = Math.max(this.#listedEnds.get(id) ?? 0, this.#listedEnds.get(node) ?? 0);
    if (endedAt >= toldAt || toldAt <= receivedAt - LONGEST_PULL) return;
    const known = this.#pulls.get(id);
    if (known && known.toldAt >= toldAt) return;
    this.#pulls.set(id, { node, image, since: Math.min(toldAt, receivedAt), toldAt });
  }

  listedEnd({ id }: PullKey, toldAt: number): void {
    this.#listedEnds.set(id, Math.max(toldAt, this.#listedEnds.get(id) ?? 0));
    const pull = this.#pulls.get(id);
    if (pull && pull.toldAt <= toldAt) this.#pulls.delete(id);
  }

  listedRestart(node: string, toldAt: number): void {
    this.#listedEnds.set(node, Math.max(toldAt, this.#listedEnds.get(node) ?? 0));
    this.#forget((pull) => pull.node === node && pull.toldAt <= toldAt);
  }

  /** Those that began within the last hour, by node. */
  byNode(now: number): Map<string, NodePulls> {
    this.#forget((pull) => pull.since <= now - LONGEST_PULL);
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
