import type { Change } from '../watcher.ts';
import { type KubeletStatus, kubeletStatus } from './kubelet-status.ts';

/** A patch that a kubelet made to the status of its node. */
export interface StatusPatch {
  readonly node: string;
  /** When it was made, by the API server's clock or else by the node's, in seconds of Unix time. */
  readonly madeAt: number;
  /** Seconds since the patch before it arrived; undefined when either was not seen as it arrived. */
  readonly interval: number | undefined;
  /** When the kubelet computed the status, by the node's clock; undefined when the patch was not seen as it arrived. */
  readonly heartbeat: number | undefined;
}

interface LastStatus extends KubeletStatus {
  /** The uninterrupted watch in which it was seen. */
  readonly watch: number;
  /** When it arrived; undefined for one from a list. */
  readonly arrivedAt: number | undefined;
}

/**
 * The last status of each node as its kubelet made it. A kubelet that patches twice within a second patches once:
 * the times of the API have whole seconds.
 */
export class StatusPatches {
  readonly #last = new Map<string, LastStatus>();
  #watch = 0;

  /** Takes a change of a node; undefined when it has another author. */
  take({ type, id: { name: node }, object, receivedAt }: Change<'nodes'>): StatusPatch | undefined {
    if (type === 'deleted') {
      this.#last.delete(node);
      return undefined;
    }
    const last = this.#last.get(node);
    const status = kubeletStatus(object);
    const madeAt = status.writtenAt ?? status.heartbeat;
    const isPatch = status.writtenAt !== last?.writtenAt || status.heartbeat !== last?.heartbeat;
    const listed = type === 'listed';
    if (isPatch || listed) {
      this.#last.set(node, { ...status, watch: this.#watch, arrivedAt: listed ? undefined : receivedAt });
    }
    if (!isPatch || madeAt === undefined) return undefined;
    const seen = type === 'modified' && last?.watch === this.#watch;
    return {
      node,
      madeAt,
      interval: seen && last.arrivedAt !== undefined ? receivedAt - last.arrivedAt : undefined,
      heartbeat: seen && status.heartbeat !== last.heartbeat ? status.heartbeat : undefined,
    };
  }

  /** The watch of the nodes broke. */
  interrupted(): void {
    this.#watch += 1;
  }
}
