import { property, stringProperty } from '../../formats/json.ts';

/** Which object it is. One of the same name and another uid is another object. */
export interface Identity {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
}

/** The identity of what should be an object of the API; undefined when it has no name. */
export function identify(object: unknown): Identity | undefined {
  const metadata = property(object, 'metadata');
  const name = stringProperty(metadata, 'name');
  const namespace = stringProperty(metadata, 'namespace');
  if (!name) return undefined;
  return { name, ...(namespace && { namespace }), uid: stringProperty(metadata, 'uid') ?? '' };
}

/** The objects of a resource that exist, as far as was heard: of each only its name and uid. */
export class KnownObjects {
  readonly #uids = new Map<string, string>();
  #unlisted = new Set<string>();

  /** A list begins: what it does not name no longer exists. */
  startList(): void {
    this.#unlisted = new Set(this.#uids.keys());
  }

  /** An object that exists. Returns the one whose name it has taken. */
  put(identity: Identity): Identity | undefined {
    const key = keyOf(identity);
    const uid = this.#uids.get(key);
    this.#uids.set(key, identity.uid);
    this.#unlisted.delete(key);
    return uid === undefined || uid === identity.uid ? undefined : { ...identity, uid };
  }

  remove(identity: Identity): void {
    this.#uids.delete(keyOf(identity));
  }

  /** The list is complete: the objects that it did not name, which are forgotten. */
  endList(): Identity[] {
    const gone = [...this.#unlisted].map((key) => identityOf(key, this.#uids.get(key) ?? ''));
    for (const key of this.#unlisted) this.#uids.delete(key);
    this.#unlisted = new Set();
    return gone;
  }
}

/** Neither part can contain a slash. */
function keyOf({ namespace = '', name }: Identity): string {
  return `${namespace}/${name}`;
}

function identityOf(key: string, uid: string): Identity {
  const [namespace = '', name = ''] = key.split('/');
  return { name, ...(namespace && { namespace }), uid };
}
