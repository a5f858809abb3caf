import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { type ExporterProcess, startExporter } from '../exporter-process.ts';
import { sampleValue } from '../exposition-text.ts';
import { missing } from '../programs.ts';
import { HostTree, TREE_COLLECTORS } from './host-tree.ts';

const COLLECTORS = [...TREE_COLLECTORS, 'daemons'];

/** Seconds that a collector's last success may lie behind or before the clock: a run of `daemons` takes 14. */
const MAX_AGE_SECONDS = 20;

/** An exporter whose wall clock, in all its threads, goes by as many seconds before ours as `set` says. */
class ShiftedExporter {
  readonly #directory = mkdtempSync(join(tmpdir(), 'foreshock-'));
  readonly #tree = new HostTree();
  #exporter: ExporterProcess | undefined;
  #shift = 0;

  constructor(t: TestContext) {
    this.set(0);
    t.after(async () => {
      await this.#exporter?.stop();
      this.#tree.remove();
      rmSync(this.#directory, { recursive: true });
    });
  }

  get #file(): string {
    return join(this.#directory, 'shift');
  }

  set(seconds: number): void {
    this.#shift = seconds;
    writeFileSync(this.#file, seconds < 0 ? String(seconds) : `+${seconds}`);
  }

  async start(): Promise<void> {
    const schedules = COLLECTORS.map((name) => `--collector.${name}.schedule=* * * * * *`);
    this.#exporter = await startExporter([...this.#tree.flags, ...schedules], ['node'], undefined, {
      ...process.env,
      LD_PRELOAD: '/usr/$LIB/faketime/libfaketimeMT.so.1',
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    });
  }

  /** Waits until every collector has succeeded by the clock as it is set. */
  async untilAllRan(): Promise<void> {
    await this.#exporter?.scrapeUntil((text) => COLLECTORS.every((name) => this.#isFresh(text, name)), 60);
  }

  #isFresh(text: string, collector: string): boolean {
    const now = Date.now() / 1000 + this.#shift;
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
      const exporter = new ShiftedExporter(t);
      await exporter.start();
      await exporter.untilAllRan();
      exporter.set(seconds);
      await exporter.untilAllRan();
      const text = await exporter.scrape();
      for (const collector of COLLECTORS) {
        assert.equal(sampleValue(text, 'foreshock_collector_timeouts_total', { collector }), 0, collector);
      }
      exporter.set(0);
      await exporter.untilAllRan();
    });
  }
});
