import type { Change } from '../watcher.ts';
import { type KubeletStatus, kubeletStatus } from './kubelet-status.ts';

/** A patch of a node's status by its kubelet. */
export interface StatusPatch {
  readonly node: string;
  /** When it was made, in seconds of Unix time by the API server's clock, or by the node's if that is unknown. */
  readonly madeAt: number;
  /** Seconds between the arrivals of the previous patch and this one; undefined unless both were seen in one watch. */
  readonly interval: number | undefined;
  /** When the kubelet computed the status, by the node's clock; undefined unless the patch was seen in a watch. */
  readonly heartbeat: number | undefined;
}

interface LastStatus extends KubeletStatus {
  /** The number of the uninterrupted watch in which it was seen. */
  readonly watch: number;
  /** When it arrived, by the monotonic clock; undefined for one from a list. */
  readonly arrivedAt: number | undefined;
}

/**
 * The last status patch of each node's kubelet. Two patches within a second count as one, because the times of the API
 * are in whole seconds.
 */
export class StatusPatches {
  readonly #last = new Map<string, LastStatus>();
  #watch = 0;

  /** The kubelet's patch in a change of a node; undefined for a change by others. */
  take({ type, id: { name: node }, object, arrivedAt }: Change<'nodes'>): StatusPatch | undefined {
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
      this.#last.set(node, { ...status, watch: this.#watch, arrivedAt: listed ? undefined : arrivedAt });
    }
    if (!isPatch || madeAt === undefined) return undefined;
    const seen = type === 'modified' && last?.watch === this.#watch;
    return {
      node,
      madeAt,
      interval: seen && last.arrivedAt !== undefined ? arrivedAt - last.arrivedAt : undefined,
      heartbeat: seen && status.heartbeat !== last.heartbeat ? status.heartbeat : undefined,
    };
  }

  /** The watch of nodes was interrupted. */
  interrupted(): void {
    this.#watch += 1;
  }
}
