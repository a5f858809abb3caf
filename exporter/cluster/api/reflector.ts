import type { Readable } from 'node:stream';
import type { Logger } from 'pino';
import { property, stringProperty } from '../../formats/json.ts';
import type { Resource } from '../objects.ts';
import type { Observer } from '../watcher.ts';
import { ApiError } from './api-error.ts';
import { delayAfter } from './backoff.ts';
import type { ApiClient } from './client.ts';
import { sleep } from './clock.ts';
import { Delivery } from './delivery.ts';
import { explain, type Verb } from './explain.ts';
import { listPage } from './list.ts';
import { ProtocolError } from './protocol-error.ts';
import { TimeLimitError } from './time-limit.ts';
import { openWatch, parseEvent, type WatchEvent, watchLines } from './watch.ts';

/** A watch that ends within this many seconds has failed, whatever the server says. */
const SHORTEST_WATCH = 1;

/** After a watch of this many seconds, the failures before it no longer count. */
const HEALTHY_WATCH = 10;

/** A watch that ended as it should and goes on within this many seconds has missed nothing. */
const SEAMLESS = 5;

/** Seconds that the second attempt may be away. */
const NO_NEWS = 1;

const CHANGES = { ADDED: 'added', MODIFIED: 'modified', DELETED: 'deleted' } as const;

export interface ReflectorStatus {
  /** `waiting`: for the next attempt after a failure. */
  readonly phase: 'listing' | 'watching' | 'waiting';
  /** Whether a list was complete once, so that the observers have heard of all objects. */
  readonly synced: boolean;
  /** The version up to which all changes were delivered; empty before the first list is complete. */
  readonly resourceVersion: string;
  /** When the API server last said something about the resource, a bookmark included, in seconds of Unix time. */
  readonly lastEventAt: number | undefined;
  /** Answers and streams given up because nothing came. */
  readonly timeouts: number;
  /** Why it does not work; undefined while it does, and while a broken watch is resumed at once. */
  readonly error: string | undefined;
}

/**
 * Keeps observers informed about one resource: lists it, then follows its changes. After anything that breaks it carries
 * on where it stood; it lists again only where the server no longer knows that place (as client-go's Reflector).
 */
export class Reflector<Name extends Resource = Resource> {
  readonly #resource: Name;
  readonly #client: ApiClient;
  readonly #delivery: Delivery<Name>;
  readonly #log: Logger;
  readonly #random: () => number;
  #status: ReflectorStatus;
  /** The page to be listed next; undefined while the resource is watched. */
  #page: { readonly continue?: string } | undefined = {};
  /** Failures since the last healthy watch. */
  #failures = 0;
  /** When a watch ended as it should. */
  #endedAt: number | undefined;
  /** Whether the observers know of the gap before the next watch. */
  #gapTold = false;

  /** `observers` by the names of their watchers; those that do not observe the resource hear nothing. */
  constructor(
    resource: Name,
    client: ApiClient,
    observers: ReadonlyMap<string, Observer>,
    log: Logger,
    random: () => number = Math.random,
  ) {
    this.#resource = resource;
    this.#client = client;
    this.#delivery = new Delivery(resource, observers, log);
    this.#log = log;
    this.#random = random;
    this.#status = {
      phase: 'listing',
      synced: false,
      resourceVersion: '',
      lastEventAt: undefined,
      timeouts: 0,
      error: undefined,
    };
  }

  get status(): ReflectorStatus {
    return this.#status;
  }

  /** Works until the signal aborts; resolves then, and never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const verb = this.#page ? 'list' : 'watch';
      try {
        if (this.#page) await this.#list(this.#page.continue, signal);
        else await this.#watch(signal);
      } catch (error) {
        if (signal.aborted) return;
        await this.#recover(error, verb, signal);
      }
    }
  }

  /** Lists one page. */
  async #list(token: string | undefined, signal: AbortSignal): Promise<void> {
    this.#set({ phase: 'listing' });
    const page = await listPage(this.#client, this.#resource, token, signal);
    const receivedAt = this.#heard();
    if (token === undefined) this.#delivery.startList();
    this.#delivery.listed(page.items, receivedAt);
    this.#page = page.continue === undefined ? undefined : { continue: page.continue };
    if (this.#page) return;
    this.#delivery.endList(receivedAt);
    this.#set({ synced: true, resourceVersion: page.resourceVersion });
  }

  /** Watches until the server ends it. */
  async #watch(signal: AbortSignal): Promise<void> {
    const body = await openWatch(this.#client, this.#resource, this.#status.resourceVersion, this.#random, signal);
    const openedAt = this.#heard();
    if (this.#endedAt !== undefined && openedAt - this.#endedAt > SEAMLESS) this.#interrupted();
    this.#gapTold = false;
    this.#set({ phase: 'watching' });
    const seconds = await this.#follow(body);
    if (seconds < SHORTEST_WATCH) throw new Error(`the API server ended the watch within ${SHORTEST_WATCH} s`);
  }

  /** Takes the events of a watch until it ends; resolves to the seconds that it lasted. */
  async #follow(body: Readable): Promise<number> {
    const { clock } = this.#client;
    const openedAt = clock.now();
    try {
      for await (const lines of watchLines(body, clock)) {
        const receivedAt = this.#heard();
        for (const line of lines) if (line !== '') this.#received(parseEvent(line), receivedAt);
      }
      this.#endedAt = clock.now();
      return this.#endedAt - openedAt;
    } finally {
      if (clock.now() - openedAt >= HEALTHY_WATCH) this.#failures = 0;
    }
  }

  #received({ type, object }: WatchEvent, receivedAt: number): void {
    if (type !== 'BOOKMARK') this.#delivery.changed(CHANGES[type], object, receivedAt);
    const resourceVersion = stringProperty(property(object, 'metadata'), 'resourceVersion');
    if (resourceVersion) this.#set({ resourceVersion });
  }

  /** Waits before the next attempt, and lists anew where the last place is lost. */
  async #recover(error: unknown, verb: Verb, signal: AbortSignal): Promise<void> {
    const { clock, access } = this.#client;
    if (verb === 'watch') this.#interrupted();
    if (error instanceof ProtocolError || (error instanceof ApiError && error.expired)) this.#page = {};
    if (error instanceof TimeLimitError) this.#set({ timeouts: this.#status.timeouts + 1 });
    this.#failures += 1;
    const delay = delayAfter(error, this.#failures, this.#random);
    this.#failed(explain(error, verb, this.#resource, access), delay);
    this.#set({ phase: 'waiting' });
    await sleep(clock, delay, signal);
  }

  /** Tells the observers of a gap, once. */
  #interrupted(): void {
    this.#endedAt = undefined;
    if (this.#gapTold) return;
    this.#gapTold = true;
    this.#delivery.interrupted();
  }

  /** The server has answered, or said something. */
  #heard(): number {
    const lastEventAt = this.#client.clock.now();
    if (this.#status.error !== undefined) this.#log.info({ resource: this.#resource }, 'the API server answers again');
    this.#set({ lastEventAt, error: undefined });
    return lastEventAt;
  }

  /** A first failure is no news when the next attempt is near: an API server was restarted, a version has expired. */
  #failed(message: string, delay: number): void {
    const about = { resource: this.#resource, error: message };
    if (this.#failures === 1 && delay <= NO_NEWS) {
      this.#log.debug(about, 'tries again');
      return;
    }
    if (message !== this.#status.error) this.#log.warn(about, 'cannot be watched; the last values stay');
    this.#set({ error: message });
  }

  #set(change: Partial<ReflectorStatus>): void {
    this.#status = { ...this.#status, ...change };
  }
}
