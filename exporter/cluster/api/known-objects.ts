import { type Identity, identityOf, objectKey } from '../identity.ts';
import { ProtocolError } from './protocol-error.ts';

/** The objects of a resource that exist, as far as the API server has reported: of each only its name and uid. */
export class KnownObjects {
  readonly #maxObjects: number;
  readonly #uids = new Map<string, string>();
  #unlisted = new Set<string>();

  /** `maxObjects`: at a time, those of lists that were never completed included. */
  constructor(maxObjects: number) {
    this.#maxObjects = maxObjects;
  }

  /** A list begins: what it does not contain no longer exists. */
  startList(): void {
    this.#unlisted = new Set(this.#uids.keys());
  }

  /**
   * Adds an object that exists. Returns an object that this one replaces: one with the same name and another uid, or, when
   * no more may be known, one that the current list has not mentioned. Throws a `ProtocolError` if there is none of these.
   */
  put(identity: Identity): Identity | undefined {
    const key = objectKey(identity);
    const uid = this.#uids.get(key);
    const displaced = uid === undefined && this.#uids.size >= this.#maxObjects ? this.#displaced() : undefined;
    this.#uids.set(key, identity.uid);
    this.#unlisted.delete(key);
    if (displaced) return displaced;
    return uid === undefined || uid === identity.uid ? undefined : { ...identity, uid };
  }

  remove(identity: Identity): void {
    const key = objectKey(identity);
    this.#uids.delete(key);
    this.#unlisted.delete(key);
  }

  /** The list is complete: removes and returns the objects that it did not contain. */
  endList(): Identity[] {
    const gone = [...this.#unlisted].map((key) => identityOf(key, this.#uids.get(key) ?? ''));
    for (const key of this.#unlisted) this.#uids.delete(key);
    this.#unlisted = new Set();
    return gone;
  }

  #displaced(): Identity {
    const [key] = this.#unlisted;
    if (key === undefined) throw new ProtocolError(`the API server has sent more than ${this.#maxObjects} objects`);
    const identity = identityOf(key, this.#uids.get(key) ?? '');
    this.remove(identity);
    return identity;
  }
}
