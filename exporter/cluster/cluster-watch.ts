import { setImmediate as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { droppedSeries, lastSuccess, success, timeouts, truncatedValues } from '../exposition/collector-metrics.ts';
import {
  type Block,
  type Family,
  type Format,
  families,
  limitedFamilies,
  type Omissions,
  print,
} from '../exposition/exposition.ts';
import { type Sample, sample } from '../exposition/metric.ts';
import type { ApiClient } from './api/client.ts';
import { sleep } from './api/clock.ts';
import { Reflector, type ReflectorStatus } from './api/reflector.ts';
import type { Resource } from './objects.ts';
import type { Observer, Watcher } from './watcher.ts';

/** Series of one metric: 20 of each of 10,000 nodes. */
const MAX_SERIES = 200_000;

/** How long `settled` waits, and how often it looks. */
const MAX_SETTLE_SECONDS = 120;
const SETTLE_POLL_SECONDS = 0.1;

/** One list and one watch of each resource, for all watchers that read it. */
export class ClusterWatch {
  readonly #watchers: readonly Watcher[];
  readonly #observers: ReadonlyMap<string, Observer>;
  /** By the resource that each one lists and watches. */
  readonly reflectors: ReadonlyMap<Resource, Reflector>;
  readonly #client: ApiClient;

  constructor(watchers: readonly Watcher[], client: ApiClient, log: Logger) {
    this.#watchers = watchers;
    this.#client = client;
    this.#observers = new Map(watchers.map((watcher) => [watcher.name, watcher.start()]));
    const resources = new Set(watchers.flatMap((watcher) => watcher.resources));
    this.reflectors = new Map(
      [...resources].map((resource) => [resource, new Reflector(resource, client, this.#observers, log)]),
    );
  }

  /** Whether every resource has been listed once. */
  get synced(): boolean {
    return this.#statuses().every(({ synced }) => synced);
  }

  /** Lists and watches until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([...this.reflectors.values()].map((reflector) => reflector.run(signal)));
  }

  /** Resolves when every resource has been listed or could not be listed, after two minutes at the latest. */
  async settled(signal: AbortSignal): Promise<void> {
    const { clock } = this.#client;
    const end = clock.now() + MAX_SETTLE_SECONDS;
    const isSettled = () => this.#statuses().every(({ synced, error }) => synced || error !== undefined);
    while (!isSettled() && clock.now() < end && !signal.aborted) await sleep(clock, SETTLE_POLL_SECONDS, signal);
  }

  /** The watchers' values and metrics about themselves, with a pause after each family for requests and watches. */
  async exposition(format: Format): Promise<readonly Block[]> {
    const printed: Block[] = [];
    for (const family of this.#families()) {
      printed.push(...print([family], format));
      await pause();
    }
    return printed;
  }

  /** A watcher has no values before all its objects are listed: values of half a list would be wrong. */
  *#families(): Generator<Family> {
    const unixTime = (moment: number) => this.#client.clock.unixTime(moment);
    const omissions = new Map<string, Omissions>();
    for (const { name, metrics, resources } of this.#watchers) {
      const isComplete = resources.every((resource) => this.reflectors.get(resource)?.status.synced);
      const samples = isComplete ? (this.#observers.get(name)?.samples(unixTime) ?? []) : [];
      const { families, ...omitted } = limitedFamilies(metrics, samples, MAX_SERIES);
      omissions.set(name, omitted);
      yield* families;
    }
    const ofCollectors = [success, lastSuccess, timeouts, truncatedValues, droppedSeries];
    yield* families(ofCollectors, this.#collectorSamples(unixTime, omissions));
  }

  *#collectorSamples(
    unixTime: (moment: number) => number,
    omissions: ReadonlyMap<string, Omissions>,
  ): Generator<Sample> {
    for (const { name: collector, resources } of this.#watchers) {
      const statuses = resources.flatMap((resource) => this.reflectors.get(resource)?.status ?? []);
      const lastEvents = statuses.map(({ lastEventAt }) => lastEventAt);
      const labels = { collector };
      yield sample(success, Number(statuses.every(isHealthy)), labels);
      if (lastEvents.every((at) => at !== undefined))
        yield sample(lastSuccess, unixTime(Math.min(...lastEvents)), labels);
      yield sample(
        timeouts,
        statuses.reduce((sum, status) => sum + status.timeouts, 0),
        labels,
      );
      yield sample(truncatedValues, omissions.get(collector)?.truncatedValues ?? 0, labels);
      yield sample(droppedSeries, omissions.get(collector)?.droppedSeries ?? 0, labels);
    }
  }

  #statuses(): ReflectorStatus[] {
    return [...this.reflectors.values()].map(({ status }) => status);
  }
}

function isHealthy({ synced, error }: ReflectorStatus): boolean {
  return synced && error === undefined;
}
