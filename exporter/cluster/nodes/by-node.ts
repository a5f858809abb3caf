import { BoundedMap } from '../bounded-map.ts';
import type { Change } from '../watcher.ts';

/**
 * A kubelet sends its first events before it creates its Node. Anyone can send events about nodes that do not exist.
 */
const MAX_UNKNOWN_NODES = 5000;

/** One value per node, from when the node is first mentioned until it is deleted. */
export class ByNode<Value> {
  readonly #create: () => Value;
  readonly #existing = new Map<string, Value>();
  readonly #unknown = new BoundedMap<string, Value>(MAX_UNKNOWN_NODES);

  constructor(create: () => Value) {
    this.#create = create;
  }

  /** Takes a change of a node. */
  observe({ type, id: { name: node } }: Change<'nodes'>): void {
    if (type === 'deleted') this.#existing.delete(node);
    else if (!this.#existing.has(node)) this.#existing.set(node, this.#unknown.get(node) ?? this.#create());
    this.#unknown.delete(node);
  }

  of(node: string): Value {
    const known = this.#existing.get(node) ?? this.#unknown.get(node);
    if (known !== undefined) return known;
    const value = this.#create();
    this.#unknown.set(node, value);
    return value;
  }

  /** The nodes that exist. */
  [Symbol.iterator](): IterableIterator<[node: string, value: Value]> {
    return this.#existing[Symbol.iterator]();
  }
}
