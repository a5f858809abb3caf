/** Objects in the order of a list; an array is one. */
export interface Listing {
  readonly length: number;
  at(index: number): object | undefined;
}

/** What a resource holds now. */
export interface Contents {
  snapshot(): Listing;
  /** Takes a change that was sent to those who watch. */
  apply(type: ChangeType, object: ApiObject): void;
}

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

export interface ApiObject {
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly resourceVersion?: string };
}

export interface StoredChange {
  readonly type: ChangeType;
  readonly object: ApiObject;
  readonly version: number;
}

/** Objects by namespace and name. */
export class StoredContents implements Contents {
  readonly #objects = new Map<string, ApiObject>();

  constructor(objects: readonly ApiObject[] = []) {
    for (const object of objects) this.apply('ADDED', object);
  }

  has(object: ApiObject): boolean {
    return this.#objects.has(keyOf(object));
  }

  snapshot(): Listing {
    return [...this.#objects].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
  }

  apply(type: ChangeType, object: ApiObject): void {
    if (type === 'DELETED') this.#objects.delete(keyOf(object));
    else this.#objects.set(keyOf(object), object);
  }
}

/** One resource: its objects, and the last changes, for watches that begin in the past. */
export class ResourceStore {
  readonly contents: Contents;
  readonly #window: number;
  readonly #changes: StoredChange[] = [];
  /** The version of the last change that is no longer known. */
  #forgotten: number;

  /** `version`: of the objects that it starts with; `window`: how many changes it remembers. */
  constructor(contents: Contents, version: number, window: number) {
    this.contents = contents;
    this.#forgotten = version;
    this.#window = window;
  }

  apply(change: StoredChange): void {
    this.contents.apply(change.type, change.object);
    this.#changes.push(change);
    while (this.#changes.length > this.#window) this.#forgotten = this.#changes.shift()?.version ?? this.#forgotten;
  }

  /** The version of the last change. */
  get version(): number {
    return this.#changes.at(-1)?.version ?? this.#forgotten;
  }

  /** The changes after a version; undefined when some of them are forgotten. */
  since(version: number): StoredChange[] | undefined {
    return version < this.#forgotten ? undefined : this.#changes.filter((change) => change.version > version);
  }
}

/** Those of a listing that are in a namespace. */
export function inNamespace(listing: Listing, namespace: string): Listing {
  const objects = Array.from({ length: listing.length }, (_, index) => listing.at(index) as ApiObject);
  return objects.filter(({ metadata }) => metadata.namespace === namespace);
}

function keyOf({ metadata }: ApiObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}
