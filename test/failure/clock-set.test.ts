import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { type ExporterProcess, startExporter } from '../exporter-process.ts';
import { sampleValue } from '../exposition-text.ts';
import { FakeTime } from '../faketime.ts';
import { missing } from '../programs.ts';
import { HostTree, TREE_COLLECTORS } from './host-tree.ts';

const COLLECTORS = [...TREE_COLLECTORS, 'daemons'];

/** Seconds that a collector's last success may lie behind or before the clock: a run of `daemons` takes 14. */
const MAX_AGE_SECONDS = 20;

/** An exporter on a recorded host, every collector of which runs every second. */
class ShiftedExporter {
  readonly #tree = new HostTree();
  readonly #time: FakeTime;
  #exporter: ExporterProcess | undefined;

  constructor(t: TestContext, time: FakeTime) {
    this.#time = time;
    t.after(async () => {
      await this.#exporter?.stop();
      this.#tree.remove();
    });
  }

  async start(): Promise<void> {
    const schedules = COLLECTORS.map((name) => `--collector.${name}.schedule=* * * * * *`);
    const { environment } = this.#time;
    this.#exporter = await startExporter([...this.#tree.flags, ...schedules], ['node'], undefined, { environment });
  }

  /** Waits until every collector has succeeded by the clock as it is set. */
  async untilAllRan(): Promise<void> {
    await this.#exporter?.scrapeUntil((text) => COLLECTORS.every((name) => this.#isFresh(text, name)), 60);
  }

  #isFresh(text: string, collector: string): boolean {
    const { now } = this.#time;
    const at = sampleValue(text, 'foreshock_collector_last_success_timestamp_seconds', { collector });
    const success = sampleValue(text, 'foreshock_collector_success', { collector });
    return success === 1 && at !== undefined && Math.abs(now - at) < MAX_AGE_SECONDS;
  }

  async scrape(): Promise<string> {
    assert.ok(this.#exporter, 'not started');
    return this.#exporter.scrape();
  }
}

const STEPS = { 'back by an hour': -3600, 'forward by an hour': 3600, 'forward by 50 years': 50 * 365 * 86_400 };

describe('the clock is set', { skip: missing(['faketime']), concurrency: true }, () => {
  for (const [step, seconds] of Object.entries(STEPS)) {
    test(`${step}: every collector goes on, and no run counts as stuck`, async (t) => {
      const time = new FakeTime(t);
      const exporter = new ShiftedExporter(t, time);
      await exporter.start();
      await exporter.untilAllRan();
      time.set(seconds);
      await exporter.untilAllRan();
      const text = await exporter.scrape();
      for (const collector of COLLECTORS) {
        assert.equal(sampleValue(text, 'foreshock_collector_timeouts_total', { collector }), 0, collector);
      }
      time.set(0);
      await exporter.untilAllRan();
    });
  }
});
