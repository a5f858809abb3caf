import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** A wall clock for other processes, all their threads included, that can be set while they run (libfaketime). */
export class FakeTime {
  readonly #directory = mkdtempSync(join(tmpdir(), 'foreshock-'));
  readonly #file = join(this.#directory, 'shift');
  /** For the process; its monotonic clock is the true one. */
  readonly environment = {
    ...process.env,
    LD_PRELOAD: '/usr/$LIB/faketime/libfaketimeMT.so.1',
    FAKETIME_TIMESTAMP_FILE: this.#file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
  /** Seconds by which it is before ours. */
  shift = 0;

  constructor(t: TestContext) {
    this.set(0);
    t.after(() => rmSync(this.#directory, { recursive: true }));
  }

  set(seconds: number): void {
    this.shift = seconds;
    writeFileSync(this.#file, seconds < 0 ? String(seconds) : `+${seconds}`);
  }

  get now(): number {
    return Date.now() / 1000 + this.shift;
  }
}
