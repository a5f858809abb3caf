/** The pods of one node that use the same images. */
interface Use {
  readonly node: string;
  readonly keys: readonly string[];
  pods: number;
}

/** Which images the pods of each node use. It keeps the uid of a pod and one reference. */
export class ImageUse {
  readonly #pods = new Map<string, Use>();
  readonly #nodes = new Map<string, Map<readonly string[], Use>>();

  /** A pod uses these images, given by their keys. Returns the nodes whose use has changed. */
  put(uid: string, node: string, keys: readonly string[]): readonly string[] {
    const known = this.#pods.get(uid);
    if (known?.node === node && known.keys === keys) return [];
    const left = this.remove(uid);
    const use = this.#use(node, keys);
    use.pods += 1;
    this.#pods.set(uid, use);
    return [...left, node];
  }

  /** A pod uses no images, or is gone. Returns the nodes whose use has changed. */
  remove(uid: string): readonly string[] {
    const use = this.#pods.get(uid);
    if (!use) return [];
    this.#pods.delete(uid);
    use.pods -= 1;
    if (use.pods === 0) this.#forget(use);
    return [use.node];
  }

  /** The keys of all images that pods of a node use. */
  of(node: string): ReadonlySet<string> {
    return new Set([...(this.#nodes.get(node)?.keys() ?? [])].flat());
  }

  #use(node: string, keys: readonly string[]): Use {
    const uses = this.#nodes.get(node) ?? new Map<readonly string[], Use>();
    this.#nodes.set(node, uses);
    const use = uses.get(keys) ?? { node, keys, pods: 0 };
    uses.set(keys, use);
    return use;
  }

  #forget({ node, keys }: Use): void {
    const uses = this.#nodes.get(node);
    uses?.delete(keys);
    if (uses?.size === 0) this.#nodes.delete(node);
  }
}
