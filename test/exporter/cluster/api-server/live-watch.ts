import type { ServerResponse } from 'node:http';
import type { Clock } from '../../../../exporter/cluster/api/clock.ts';
import type { Resource } from '../../../../exporter/cluster/objects.ts';

/** Seconds between bookmarks (kube-apiserver, storage/cacher, bookmarkFrequency). */
const BOOKMARKS = 60;

/** A watch that the server holds open. */
export class LiveWatch {
  readonly resource: Resource;
  /** Where it began, as the client asked. */
  readonly resourceVersion: string;
  /** When it last sent something, by the server's clock. */
  sentAt: number;
  /** Whether it has not been ended. */
  open = true;
  readonly #clock: Clock;
  readonly #response: ServerResponse;
  #cancels: (() => void)[] = [];

  constructor(
    resource: Resource,
    response: ServerResponse,
    query: URLSearchParams,
    clock: Clock,
    bookmark: (() => object) | undefined,
  ) {
    this.resource = resource;
    this.resourceVersion = query.get('resourceVersion') ?? '';
    this.#response = response;
    this.#clock = clock;
    this.sentAt = clock.now();
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    const seconds = Number(query.get('timeoutSeconds') ?? 1800);
    this.#cancels.push(clock.after(seconds, () => this.end()));
    const allowed = query.get('allowWatchBookmarks');
    if (bookmark && (allowed === 'true' || allowed === '1')) this.#sendBookmarks(bookmark);
    response.on('close', () => this.#ended());
  }

  /** Sends an event. */
  send(event: { readonly type: string; readonly object: object }): void {
    this.raw(`${JSON.stringify(event)}\n`);
  }

  /** Sends anything. */
  raw(text: string): void {
    this.sentAt = this.#clock.now();
    this.#response.write(text);
  }

  /** Ends the answer as it should be. */
  end(): void {
    this.#ended();
    this.#response.end();
  }

  /** Closes the connection in the midst of the answer, after what was sent so far. */
  close(): void {
    this.#ended();
    this.#response.socket?.end();
  }

  /** Sends nothing any more by itself. */
  silence(): void {
    for (const cancel of this.#cancels) cancel();
    this.#cancels = [];
  }

  #ended(): void {
    this.open = false;
    this.silence();
  }

  #sendBookmarks(bookmark: () => object): void {
    const next = () => {
      this.#cancels[1] = this.#clock.after(BOOKMARKS, () => {
        this.send({ type: 'BOOKMARK', object: bookmark() });
        next();
      });
    };
    next();
  }
}
