import type { Readable } from 'node:stream';
import type { Logger } from 'pino';
import { property, stringProperty } from '../../formats/json.ts';
import type { Resource } from '../objects.ts';
import type { Arrival, Observer } from '../watcher.ts';
import { ApiError } from './api-error.ts';
import { retryDelay } from './backoff.ts';
import type { ApiClient } from './client.ts';
import { sleep } from './clock.ts';
import { Delivery } from './delivery.ts';
import { explain, type Verb } from './explain.ts';
import { FIRST_PAGE, listPage, type PageToList, pageAfter } from './list.ts';
import { ProtocolError } from './protocol-error.ts';
import { TimeoutError } from './timeout.ts';
import { openWatch, parseEvent, type WatchEvent, watchLines } from './watch.ts';

/** A watch that the server ends sooner counts as failed, even if it was ended properly. */
const MIN_WATCH_SECONDS = 1;

/** After a watch that lasted as long, earlier failures no longer count. */
const HEALTHY_WATCH_SECONDS = 10;

/** A watch that was ended properly and is resumed within this time has missed nothing. */
const MAX_SEAMLESS_GAP_SECONDS = 5;

/** A first failure that is retried within this time is no warning: an API server restarted, or a version expired. */
const MAX_QUIET_RETRY_SECONDS = 1;

const CHANGES = { ADDED: 'added', MODIFIED: 'modified', DELETED: 'deleted' } as const;

export interface ReflectorStatus {
  /** `waiting` for the next attempt after a failure. */
  readonly phase: 'listing' | 'watching' | 'waiting';
  /** Whether a list was complete once, so that the observers know all objects. */
  readonly synced: boolean;
  /** The version up to which all changes were delivered; empty before the first list is complete. */
  readonly resourceVersion: string;
  /** When the API server last sent something about the resource, bookmarks included, by the client's clock. */
  readonly lastEventAt: number | undefined;
  /** Requests and streams that were given up because nothing came. */
  readonly timeouts: number;
  /** Why it fails; undefined while it works, and while a broken watch is resumed at once. */
  readonly error: string | undefined;
}

/**
 * Keeps observers informed about one resource: lists it, then watches its changes. After a failure it resumes at the
 * last resource version, and lists again only if the server no longer knows that version (as client-go's Reflector).
 */
export class Reflector<Name extends Resource = Resource> {
  readonly #resource: Name;
  readonly #client: ApiClient;
  readonly #delivery: Delivery<Name>;
  readonly #log: Logger;
  readonly #random: () => number;
  #status: ReflectorStatus;
  /** The next page to list; undefined while the resource is watched. */
  #page: PageToList | undefined = FIRST_PAGE;
  /** Failures since the last healthy watch. */
  #failures = 0;
  /** When the last watch was ended properly, by the client's clock. */
  #endedAt: number | undefined;
  /** Whether the gap before the next watch has been reported to the observers. */
  #gapReported = false;

  /** `observers` by the names of their watchers; those that do not observe the resource are ignored. */
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

  /** Lists and watches until the signal aborts; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const verb = this.#page ? 'list' : 'watch';
      try {
        if (this.#page) await this.#list(this.#page, signal);
        else await this.#watch(signal);
      } catch (error) {
        if (signal.aborted) return;
        await this.#recover(error, verb, signal);
      }
    }
  }

  /** Lists one page. */
  async #list(wanted: PageToList, signal: AbortSignal): Promise<void> {
    this.#set({ phase: 'listing' });
    const page = await listPage(this.#client, this.#resource, wanted.continue, signal);
    const arrival = this.#recordReceived();
    if (wanted.number === 1) this.#delivery.startList();
    this.#delivery.listed(page.items, arrival);
    this.#page = pageAfter(wanted, page.continue);
    if (this.#page) return;
    this.#delivery.endList(arrival);
    this.#recovered();
    this.#set({ synced: true, resourceVersion: page.resourceVersion });
  }

  /** Watches until the server ends the watch. */
  async #watch(signal: AbortSignal): Promise<void> {
    const body = await openWatch(this.#client, this.#resource, this.#status.resourceVersion, this.#random, signal);
    const { arrivedAt: openedAt } = this.#recordReceived();
    this.#recovered();
    const isSeamless = this.#endedAt === undefined || openedAt - this.#endedAt <= MAX_SEAMLESS_GAP_SECONDS;
    if (!isSeamless) this.#reportGap();
    this.#gapReported = false;
    this.#set({ phase: 'watching' });
    const seconds = await this.#follow(body);
    if (seconds < MIN_WATCH_SECONDS) throw new Error(`the API server ended the watch within ${MIN_WATCH_SECONDS} s`);
  }

  /** Takes the events of a watch until it ends; resolves to the seconds that it lasted. */
  async #follow(body: Readable): Promise<number> {
    const { clock } = this.#client;
    const openedAt = clock.now();
    try {
      for await (const lines of watchLines(body, clock)) {
        const arrival = this.#recordReceived();
        for (const line of lines) if (line !== '') this.#handle(parseEvent(line), arrival);
      }
      this.#endedAt = clock.now();
      return this.#endedAt - openedAt;
    } finally {
      if (clock.now() - openedAt >= HEALTHY_WATCH_SECONDS) this.#failures = 0;
    }
  }

  #handle({ type, object }: WatchEvent, arrival: Arrival): void {
    if (type !== 'BOOKMARK') this.#delivery.changed(CHANGES[type], object, arrival);
    const resourceVersion = stringProperty(property(object, 'metadata'), 'resourceVersion');
    if (resourceVersion) this.#set({ resourceVersion });
  }

  /** Waits before the next attempt, which is a new list if the watch cannot be resumed. */
  async #recover(error: unknown, verb: Verb, signal: AbortSignal): Promise<void> {
    const { clock, access } = this.#client;
    if (verb === 'watch') this.#reportGap();
    if (error instanceof ProtocolError || (error instanceof ApiError && error.expired)) this.#page = FIRST_PAGE;
    if (error instanceof TimeoutError) this.#set({ timeouts: this.#status.timeouts + 1 });
    this.#failures += 1;
    const delay = retryDelay(error, this.#failures, this.#random);
    this.#recordFailure(explain(error, verb, this.#resource, access), delay);
    this.#set({ phase: 'waiting' });
    await sleep(clock, delay, signal);
  }

  /** Reports a gap to the observers, once. */
  #reportGap(): void {
    this.#endedAt = undefined;
    if (this.#gapReported) return;
    this.#gapReported = true;
    this.#delivery.interrupted();
  }

  /** The server has sent something. Returns when. */
  #recordReceived(): Arrival {
    const { clock } = this.#client;
    const lastEventAt = clock.now();
    this.#set({ lastEventAt });
    return { arrivedAt: lastEventAt, receivedAt: clock.unixTime(lastEventAt) };
  }

  /** A list is complete, or a watch open: a list that never ends stays a failure while its pages come. */
  #recovered(): void {
    if (this.#status.error !== undefined) this.#log.info({ resource: this.#resource }, 'recovered');
    this.#set({ error: undefined });
  }

  #recordFailure(message: string, delay: number): void {
    const about = { resource: this.#resource, error: message };
    if (this.#failures === 1 && delay <= MAX_QUIET_RETRY_SECONDS) {
      this.#log.debug(about, 'list or watch failed, retrying');
      return;
    }
    if (message !== this.#status.error) this.#log.warn(about, 'list or watch failed; the last values are kept');
    this.#set({ error: message });
  }

  #set(change: Partial<ReflectorStatus>): void {
    this.#status = { ...this.#status, ...change };
  }
}
