import { BoundedMap } from '../bounded-map.ts';
import type { Change } from '../watcher.ts';

/** A kubelet sends its first events before it creates its Node; anybody can send events about nodes that never were. */
const UNKNOWN_NODES = 5000;

/** One value for each node that exists, from when it is first heard of until the node is deleted. */
export class ByNode<Value> {
  readonly #create: () => Value;
  readonly #existing = new Map<string, Value>();
  readonly #unknown = new BoundedMap<string, Value>(UNKNOWN_NODES);

  constructor(create: () => Value) {
    this.#create = create;
  }

  /** Takes part in what becomes of the nodes. */
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
