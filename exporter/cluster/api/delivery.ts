import type { Logger } from 'pino';
import { type Identity, identify } from '../identity.ts';
import type { Objects, Resource } from '../objects.ts';
import type { Arrival, Change, Observer } from '../watcher.ts';
import { KnownObjects } from './known-objects.ts';
import { RESOURCES } from './resources.ts';

/** Delivers the changes of one resource to its observers, including deletions that no event has reported. */
export class Delivery<Name extends Resource> {
  readonly #resource: Name;
  readonly #observers: readonly (readonly [watcher: string, observer: Observer])[];
  readonly #log: Logger;
  readonly #known: KnownObjects;
  /** Watchers that threw: each is logged once, not for every change. */
  readonly #failed = new Set<string>();

  /** `observers` by the names of their watchers. */
  constructor(
    resource: Name,
    observers: ReadonlyMap<string, Observer>,
    log: Logger,
    { maxObjects } = RESOURCES[resource],
  ) {
    this.#resource = resource;
    this.#known = new KnownObjects(maxObjects);
    this.#observers = [...observers].filter(([, { observe }]) => observe[resource] !== undefined);
    this.#log = log;
  }

  startList(): void {
    this.#known.startList();
  }

  /** Objects of a page of the list. Throws a `ProtocolError` if there are too many, as `changed` does. */
  listed(items: readonly unknown[], arrival: Arrival): void {
    for (const item of items) this.#exists('listed', item, arrival);
  }

  /** The list is complete: objects that were known before and are not in it have been deleted. */
  endList(arrival: Arrival): void {
    for (const id of this.#known.endList()) this.#vanished(id, arrival);
  }

  /** An event of the watch. */
  changed(type: 'added' | 'modified' | 'deleted', object: unknown, arrival: Arrival): void {
    if (type === 'deleted') this.#deleted(object, arrival);
    else this.#exists(type, object, arrival);
  }

  interrupted(): void {
    for (const [watcher, observer] of this.#observers) {
      this.#guard(watcher, () => observer.interrupted?.(this.#resource));
    }
  }

  /** An object without a name is ignored: it cannot be distinguished from others. */
  #exists(type: 'listed' | 'added' | 'modified', object: unknown, arrival: Arrival): void {
    const id = identify(object);
    if (!id) return;
    const replaced = this.#known.put(id);
    if (replaced) this.#vanished(replaced, arrival);
    this.#deliver({ type, id, object: object as Objects[Name], ...arrival });
  }

  #deleted(object: unknown, arrival: Arrival): void {
    const id = identify(object);
    if (!id) return;
    this.#known.remove(id);
    this.#deliver({ type: 'deleted', id, object: object as Objects[Name], ...arrival });
  }

  /** An object whose deletion was not seen: only its identity is known. */
  #vanished(id: Identity, arrival: Arrival): void {
    const object: object = { metadata: id };
    this.#deliver({ type: 'deleted', id, object: object as Objects[Name], ...arrival });
  }

  #deliver(change: Change<Name>): void {
    for (const [watcher, { observe }] of this.#observers) {
      this.#guard(watcher, () => observe[this.#resource]?.(change));
    }
  }

  /** Objects are not trusted: one of an unexpected shape must not end the watch. */
  #guard(watcher: string, act: () => void): void {
    try {
      act();
    } catch (error) {
      if (this.#failed.has(watcher)) return;
      this.#failed.add(watcher);
      this.#log.error(
        { watcher, resource: this.#resource, err: error },
        'watcher failed on a change; more failures of it are not logged',
      );
    }
  }
}
