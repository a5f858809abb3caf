import type { ReflectorStatus } from '../../../../exporter/cluster/api/reflector.ts';
import type { Resource } from '../../../../exporter/cluster/objects.ts';
import { eventually } from '../eventually.ts';
import type { FakeClock } from '../fake-clock.ts';
import { loadRecordings, type RecordedEvent, type Recording } from '../recordings.ts';
import type { FakeApiServer } from './fake-api-server.ts';

/** The reflectors that hear a replay, by resource. */
export type Followers = ReadonlyMap<Resource, { readonly status: ReflectorStatus }>;

/** Lets a fake API server send what was recorded, each change at its moment of the fake clock. */
export class Replay {
  readonly #server: FakeApiServer;
  readonly #clock: FakeClock;
  readonly #followers: Followers;
  readonly #events: (RecordedEvent & { readonly resource: Resource })[];

  /** Fills the server with what the recordings begin with. Its bookmarks are its own, not the recorded ones. */
  constructor(server: FakeApiServer, clock: FakeClock, recordings: readonly Recording[], followers: Followers) {
    this.#server = server;
    this.#clock = clock;
    this.#followers = followers;
    this.#events = recordings
      .flatMap(({ resource, events }) => events.map((event) => ({ ...event, resource })))
      .filter(({ event }) => event.type !== 'BOOKMARK')
      .sort((a, b) => a.receivedAt - b.receivedAt);
    loadRecordings(server, recordings);
  }

  /**
   * Moves the clock to a moment, and sends what was recorded until then. Each change has reached the followers before
   * the clock moves on, but for followers that wait for their next attempt: they get it when they come back.
   */
  async advanceTo(moment: number): Promise<void> {
    await this.#settled();
    for (let next = this.#events[0]; next && next.receivedAt <= moment; next = this.#events[0]) {
      this.#events.shift();
      await this.#moveTo(next.receivedAt);
      const { type, object } = next.event;
      if (type !== 'BOOKMARK') this.#server.change(next.resource, type, object);
      await this.#settled();
    }
    await this.#moveTo(moment);
  }

  /** From timer to timer: a bookmark is taken before silence is measured, a watch that ended is open again at once. */
  async #moveTo(moment: number): Promise<void> {
    while (this.#clock.now() < moment) {
      this.#clock.advanceTo(Math.min(moment, this.#clock.next));
      await this.#settled();
    }
  }

  async #settled(): Promise<void> {
    for (const [resource, follower] of this.#followers) {
      await eventually(() => follower.status.phase === 'waiting' || this.#server.reached(resource, follower.status));
    }
  }
}
