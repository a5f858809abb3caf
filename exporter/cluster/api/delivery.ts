import type { Logger } from 'pino';
import { type Identity, identify } from '../identity.ts';
import type { Objects, Resource } from '../objects.ts';
import type { Change, Observer } from '../watcher.ts';
import { KnownObjects } from './known-objects.ts';

/** Hands the changes of one resource to the watchers that observe it, and tells them of objects that vanished unseen. */
export class Delivery<Name extends Resource> {
  readonly #resource: Name;
  readonly #observers: readonly (readonly [watcher: string, observer: Observer])[];
  readonly #log: Logger;
  readonly #known = new KnownObjects();
  /** Watchers that threw once: they are not logged for each change that they cannot take. */
  readonly #thrown = new Set<string>();

  /** `observers` by the names of their watchers. */
  constructor(resource: Name, observers: ReadonlyMap<string, Observer>, log: Logger) {
    this.#resource = resource;
    this.#observers = [...observers].filter(([, { observe }]) => observe[resource] !== undefined);
    this.#log = log;
  }

  startList(): void {
    this.#known.startList();
  }

  /** Objects of a page. */
  listed(items: readonly unknown[], receivedAt: number): void {
    for (const item of items) this.#exists('listed', item, receivedAt);
  }

  /** The list is complete: what was known and is not in it was deleted. */
  endList(receivedAt: number): void {
    for (const identity of this.#known.endList()) this.#gone(identity, receivedAt);
  }

  /** An event of the watch. */
  changed(type: 'added' | 'modified' | 'deleted', object: unknown, receivedAt: number): void {
    if (type === 'deleted') this.#removed(object, receivedAt);
    else this.#exists(type, object, receivedAt);
  }

  interrupted(): void {
    for (const [watcher, observer] of this.#observers) {
      this.#guard(watcher, () => observer.interrupted?.(this.#resource));
    }
  }

  /** Objects without a name cannot be told apart: nobody hears of them. */
  #exists(type: 'listed' | 'added' | 'modified', object: unknown, receivedAt: number): void {
    const identity = identify(object);
    if (!identity) return;
    const replaced = this.#known.put(identity);
    if (replaced) this.#gone(replaced, receivedAt);
    this.#give(type, identity, object, receivedAt);
  }

  #removed(object: unknown, receivedAt: number): void {
    const identity = identify(object);
    if (!identity) return;
    this.#known.remove(identity);
    this.#give('deleted', identity, object, receivedAt);
  }

  /** Of an object whose end was not seen there is no more than this. */
  #gone(identity: Identity, receivedAt: number): void {
    this.#give('deleted', identity, { metadata: identity }, receivedAt);
  }

  #give(type: Change['type'], id: Identity, object: unknown, receivedAt: number): void {
    const change: Change<Name> = { type, id, object: object as Objects[Name], receivedAt };
    for (const [watcher, { observe }] of this.#observers) {
      this.#guard(watcher, () => observe[this.#resource]?.(change));
    }
  }

  /** The objects are not trusted: one of an unheard-of shape must not end the watch. */
  #guard(watcher: string, act: () => void): void {
    try {
      act();
    } catch (error) {
      if (this.#thrown.has(watcher)) return;
      this.#thrown.add(watcher);
      this.#log.error(
        { watcher, resource: this.#resource, err: error },
        'cannot take a change; such changes are skipped',
      );
    }
  }
}
