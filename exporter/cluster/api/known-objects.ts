import { type Identity, identityOf, objectKey } from '../identity.ts';

/** The objects of a resource that exist, as far as the API server has reported: of each only its name and uid. */
export class KnownObjects {
  readonly #uids = new Map<string, string>();
  #unlisted = new Set<string>();

  /** A list begins: what it does not contain no longer exists. */
  startList(): void {
    this.#unlisted = new Set(this.#uids.keys());
  }

  /** Adds an object that exists. Returns the object that had the same name and another uid before, if any. */
  put(identity: Identity): Identity | undefined {
    const key = objectKey(identity);
    const uid = this.#uids.get(key);
    this.#uids.set(key, identity.uid);
    this.#unlisted.delete(key);
    return uid === undefined || uid === identity.uid ? undefined : { ...identity, uid };
  }

  remove(identity: Identity): void {
    this.#uids.delete(objectKey(identity));
  }

  /** The list is complete: removes and returns the objects that it did not contain. */
  endList(): Identity[] {
    const gone = [...this.#unlisted].map((key) => identityOf(key, this.#uids.get(key) ?? ''));
    for (const key of this.#unlisted) this.#uids.delete(key);
    this.#unlisted = new Set();
    return gone;
  }
}
