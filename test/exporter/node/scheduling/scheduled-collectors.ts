import { spawnSync } from 'node:child_process';
import { closeSync, constants, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import type { TestContext } from 'node:test';
import { pino } from 'pino';
import { join } from '../../../../exporter/exposition/exposition.ts';
import { WorkerPool } from '../../../../exporter/node/scheduling/pool.ts';
import { Scheduler } from '../../../../exporter/node/scheduling/scheduler.ts';
import type { SavedStatuses } from '../../../../exporter/node/scheduling/state-file.ts';
import { sampleValue } from '../../../exposition-text.ts';
import { collectors } from './broken-collectors.ts';

/** What the exporter logs about one thing. */
export interface LogEntry {
  readonly level: number;
  readonly msg: string;
  readonly collector?: string;
  readonly about?: string;
  readonly error?: string;
  readonly what?: string;
}

interface Settings {
  readonly threads?: number;
  /** Seconds by collector. */
  readonly timeouts?: Readonly<Record<string, number>>;
  /** URL of the module that the threads take the collectors from. */
  readonly module?: string;
}

const BROKEN_COLLECTORS = new URL('./broken-collectors.js', import.meta.url).href;

/** The collectors of broken-collectors.ts in a scheduler, on a host that is an empty directory. */
export class ScheduledCollectors {
  readonly log: LogEntry[] = [];
  readonly pool: WorkerPool;
  readonly #scheduler: Scheduler;
  readonly #host = mkdtempSync(joinPath(tmpdir(), 'foreshock-'));
  readonly #gates: string[] = [];

  constructor(
    t: TestContext,
    names: readonly string[],
    { threads = 2, timeouts = {}, module = BROKEN_COLLECTORS }: Settings = {},
  ) {
    this.pool = new WorkerPool(threads, {
      paths: { procfs: this.#host, sysfs: this.#host, rootfs: this.#host },
      options: {},
      collectors: module,
    });
    const log = pino({ base: null, level: 'debug' }, { write: (line: string) => this.log.push(JSON.parse(line)) });
    const schedules = ['inventory', ...names].map((name) => {
      const collector = collectors.find((candidate) => candidate.name === name);
      if (!collector) throw new Error(`there is no collector ${name}`);
      return {
        collector,
        cron: collector.schedule,
        timeoutSeconds: timeouts[name] ?? collector.timeoutSeconds,
        published: true,
      };
    });
    this.#scheduler = new Scheduler(schedules, this.pool, log);
    t.after(() => this.#remove());
  }

  /** One run of each collector that is not at work, until all have ended or got stuck. */
  run(): Promise<void> {
    return this.#scheduler.runAll();
  }

  /** Runs every collector now and on its schedule. */
  start(): void {
    this.#scheduler.start();
  }

  stop(): void {
    this.#scheduler.stop();
  }

  /** What a process that starts now would take up. */
  save(): SavedStatuses {
    return this.#scheduler.save();
  }

  /** Takes up what another process left. */
  restore(saved: SavedStatuses): void {
    this.#scheduler.restore(saved);
  }

  /** Makes a collector misbehave. */
  misbehave(name: string, instruction = ''): void {
    writeFileSync(joinPath(this.#host, name), instruction);
  }

  /** Lets it behave again. */
  behave(name: string): void {
    rmSync(joinPath(this.#host, name));
  }

  /** Has a collector that reads its file wait, until `release`. */
  hang(name: string): void {
    const gate = joinPath(this.#host, name);
    spawnSync('mkfifo', [gate]);
    this.#gates.push(gate);
  }

  /** Ends the wait of a collector, and lets its next runs pass. */
  release(name: string): void {
    const gate = joinPath(this.#host, name);
    closeSync(openSync(gate, constants.O_RDWR | constants.O_NONBLOCK));
    rmSync(gate);
  }

  /** How often a collector was started, whether or not it ended. */
  starts(name: string): number {
    const file = joinPath(this.#host, `${name}.starts`);
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').length : 0;
  }

  async value(metric: string, labels: Record<string, string> = {}): Promise<number | undefined> {
    return sampleValue(String(join(await this.#scheduler.exposition('text'), 'text')), metric, labels);
  }

  success(collector: string): Promise<number | undefined> {
    return this.value('foreshock_collector_success', { collector });
  }

  timeouts(collector: string): Promise<number | undefined> {
    return this.value('foreshock_collector_timeouts_total', { collector });
  }

  /** How often its state says that a collector ran. */
  runs(collector: string): Promise<number | undefined> {
    return this.value(`test_${collector}_runs`);
  }

  /** What was logged about a collector with these words. */
  logged(collector: string, msg: string): LogEntry[] {
    return this.log.filter((entry) => entry.collector === collector && entry.msg === msg);
  }

  async #remove(): Promise<void> {
    for (const gate of this.#gates.filter((path) => existsSync(path))) {
      closeSync(openSync(gate, constants.O_RDWR | constants.O_NONBLOCK));
    }
    await this.pool.close(10);
    rmSync(this.#host, { recursive: true, force: true });
  }
}
