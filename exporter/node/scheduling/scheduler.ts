import type { Logger } from 'pino';
import { unixTime } from '../../clock.ts';
import * as metrics from '../../exposition/collector-metrics.ts';
import {
  type Block,
  type Exposition,
  type Format,
  families,
  type Omissions,
  print,
} from '../../exposition/exposition.ts';
import { type Sample, sample } from '../../exposition/metric.ts';
import type { Collector } from '../collector.ts';
import { FaultLog } from './fault-log.ts';
import type { RunResult } from './messages.ts';
import type { WorkerPool } from './pool.ts';
import type { SavedStatuses } from './state-file.ts';
import { RunFailed } from './thread.ts';
import { Timetable } from './timetable.ts';

/** A collector and when it runs. */
export interface Schedule {
  readonly collector: Collector;
  readonly cron: string;
  readonly timeoutSeconds: number;
  /** False for a collector that runs for the others' sake only. */
  readonly published: boolean;
}

/** What is known of a collector: its last good values, and how its last run went. */
interface Status {
  busy: boolean;
  /** Whether its turn came while it was busy. */
  due: boolean;
  exposition: Exposition | undefined;
  omissions: Omissions | undefined;
  unmeasured: Readonly<Record<string, number>>;
  state: Uint8Array | undefined;
  success: boolean | undefined;
  /** Whether the last run had no result. */
  hasFailed: boolean;
  seconds: number | undefined;
  /** Unix time in seconds. */
  succeededAt: number | undefined;
  timeouts: number;
}

/**
 * Runs the collectors on their schedules and keeps what they last found, so that a scrape is answered from memory.
 * The first of the schedules gives the others the inventory of containers.
 */
export class Scheduler {
  readonly #schedules: readonly Schedule[];
  readonly #pool: WorkerPool;
  readonly #faults: FaultLog;
  readonly #log: Logger;
  readonly #status = new Map<string, Status>();
  #timetable: Timetable | undefined;
  #notReady: string | undefined = 'starting';
  #stopped = false;

  constructor(schedules: readonly Schedule[], pool: WorkerPool, log: Logger) {
    this.#schedules = schedules;
    this.#pool = pool;
    this.#log = log;
    this.#faults = new FaultLog(log);
    for (const { collector } of schedules) this.#status.set(collector.name, newStatus());
  }

  /** Why a scrape is not useful: the inventory of containers has not been tried once, or it is not that of a host. */
  get notReady(): string | undefined {
    return this.#notReady;
  }

  /** Takes up what the collectors of another process left, before the first run. */
  restore(saved: SavedStatuses): void {
    for (const [name, status] of this.#status) Object.assign(status, saved.get(name));
  }

  /** What the next process needs to go on. The state of a run that failed is not in it, as it may be what it failed at. */
  save(): SavedStatuses {
    const saved = [...this.#status].map(([name, { state, hasFailed, timeouts, succeededAt }]) => {
      return [name, { state: hasFailed ? undefined : state, timeouts, succeededAt }] as const;
    });
    return new Map(saved);
  }

  /** Runs every collector once, the inventory before the others. */
  async runAll(): Promise<void> {
    const [inventory, ...others] = this.#schedules;
    if (inventory) await this.#run(inventory);
    if (this.#notReady === 'starting') this.#notReady = undefined;
    await Promise.all(others.map((schedule) => this.#run(schedule)));
  }

  /** Runs every collector now and from now on, until `stop`. */
  start(): void {
    void this.runAll();
    this.#timetable = new Timetable(
      this.#schedules.map((schedule) => ({ cron: schedule.cron, run: () => void this.#onTurn(schedule) })),
    );
  }

  stop(): void {
    this.#stopped = true;
    this.#timetable?.stop();
  }

  /** All values, the collectors' own state last. */
  async exposition(format: Format): Promise<readonly Block[]> {
    const published = this.#schedules.filter((schedule) => schedule.published);
    const collected = published.flatMap(({ collector }) => this.#statusOf(collector).exposition?.[format] ?? []);
    return [...collected, ...print(families(metrics.COLLECTOR_METRICS, this.#samples()), format)];
  }

  /** A run that waits for a clock may last until just after its next turn, which is then taken at once. */
  async #onTurn(schedule: Schedule): Promise<void> {
    const status = this.#statusOf(schedule.collector);
    status.due = status.busy && schedule.collector.nonBlocking === true;
    if (status.busy) return;
    do {
      status.due = false;
      await this.#run(schedule);
    } while (status.due && !this.#stopped);
  }

  /** Resolves when the run has ended or has got stuck, whichever is first. */
  #run({ collector, timeoutSeconds }: Schedule): Promise<void> {
    const status = this.#statusOf(collector);
    if (status.busy) return Promise.resolve();
    status.busy = true;
    return new Promise((resolve) => {
      const request = { collector: collector.name, inventory: this.#inventory(), state: status.state };
      const onStuck = (about: string | undefined) => {
        status.success = false;
        status.timeouts += 1;
        this.#faults.stuck(collector.name, timeoutSeconds, about);
        resolve();
      };
      this.#pool
        .run({ request, timeoutSeconds, nonBlocking: collector.nonBlocking ?? false, onStuck })
        .then(
          (result) => this.#onResult(collector, status, result),
          (error: Error) => this.#onFailure(collector, status, error),
        )
        .finally(() => {
          status.busy = false;
          resolve();
        });
    });
  }

  #onResult({ name }: Collector, status: Status, result: RunResult): void {
    status.exposition = result.exposition;
    status.omissions = result.omissions;
    status.unmeasured = result.unmeasured;
    status.state = result.state;
    status.seconds = result.seconds;
    status.success = result.faults.length === 0;
    status.hasFailed = false;
    if (name === this.#schedules[0]?.collector.name) this.#notReady = result.notReady;
    if (status.success) status.succeededAt = unixTime();
    this.#faults.report(name, result.faults);
    this.#faults.reportAbsent(name, result.absent);
    for (const { message, about } of result.notices) this.#log.info({ collector: name, ...about }, message);
    this.#log.debug({ collector: name, seconds: result.seconds }, 'collected');
  }

  #onFailure({ name }: Collector, status: Status, error: Error): void {
    status.success = false;
    const { seconds, unmeasured } = error instanceof RunFailed ? error : {};
    if (seconds !== undefined) status.seconds = seconds;
    if (unmeasured) status.unmeasured = unmeasured;
    status.hasFailed = !unmeasured;
    this.#faults.failed(name, { about: name, message: error.message });
  }

  #inventory(): Uint8Array | undefined {
    return this.#schedules[0] && this.#statusOf(this.#schedules[0].collector).state;
  }

  #statusOf({ name }: Collector): Status {
    const status = this.#status.get(name);
    if (!status) throw new Error(`unknown collector ${name}`);
    return status;
  }

  *#samples(): Generator<Sample> {
    for (const [collector, status] of this.#status) {
      const labels = { collector };
      if (status.success !== undefined) yield sample(metrics.success, Number(status.success), labels);
      if (status.seconds !== undefined) yield sample(metrics.duration, status.seconds, labels);
      if (status.succeededAt !== undefined) yield sample(metrics.lastSuccess, status.succeededAt, labels);
      yield sample(metrics.timeouts, status.timeouts, labels);
      yield sample(metrics.truncatedValues, status.omissions?.truncatedValues ?? 0, labels);
      yield sample(metrics.droppedSeries, status.omissions?.droppedSeries ?? 0, labels);
      for (const [reason, count] of Object.entries(status.unmeasured)) {
        yield sample(metrics.unmeasured, count, { collector, reason });
      }
    }
  }
}

function newStatus(): Status {
  return {
    busy: false,
    due: false,
    exposition: undefined,
    omissions: undefined,
    unmeasured: {},
    state: undefined,
    success: undefined,
    hasFailed: false,
    seconds: undefined,
    succeededAt: undefined,
    timeouts: 0,
  };
}
