import { monotonicTime, unixTime } from '../../clock.ts';

/** The time and the timers of the cluster role; tests bring their own. */
export interface Clock {
  /** Seconds by a clock that nobody sets: ages and intervals are differences of its times. */
  now(): number;
  /** A time of `now` as Unix time in seconds, by the system's clock as it is set at present. */
  unixTime(moment: number): number;
  /** Calls `act` once, after so many seconds. Returns a function that cancels it. */
  after(seconds: number, act: () => void): () => void;
}

/** Seconds by which the system's clock must have been set to be followed: a timestamp shall not change at each scrape. */
const MIN_STEP_SECONDS = 0.5;

/** The clock of this machine. */
export class SystemClock implements Clock {
  /** Unix time minus the monotonic clock: corrections other than steps change both alike (clock_gettime(2)). */
  #offset = unixTime() - monotonicTime();

  now(): number {
    return monotonicTime();
  }

  unixTime(moment: number): number {
    const offset = unixTime() - monotonicTime();
    if (Math.abs(offset - this.#offset) >= MIN_STEP_SECONDS) this.#offset = offset;
    return Math.round((moment + this.#offset) * 1000) / 1000;
  }

  after(seconds: number, act: () => void): () => void {
    const timer = setTimeout(act, seconds * 1000);
    return () => clearTimeout(timer);
  }
}

/** Resolves after so many seconds, or when the signal aborts. */
export function sleep(clock: Clock, seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const wake = () => {
      cancel();
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const cancel = clock.after(seconds, wake);
    signal.addEventListener('abort', wake);
  });
}
