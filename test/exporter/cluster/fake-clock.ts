import type { Clock } from '../../../exporter/cluster/api/clock.ts';

interface Timer {
  readonly at: number;
  readonly act: () => void;
}

/** A clock that stands still until a test moves it; `now` is Unix time, too, until a test sets that. */
export class FakeClock implements Clock {
  #now: number;
  #step = 0;
  readonly #timers = new Set<Timer>();

  constructor(now: number) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  unixTime(moment: number): number {
    return moment + this.#step;
  }

  /** Sets the system's clock forward, or back if it is negative. */
  set(seconds: number): void {
    this.#step += seconds;
  }

  after(seconds: number, act: () => void): () => void {
    const timer = { at: this.#now + seconds, act };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** When the next timer is due; infinite without one. */
  get next(): number {
    return Math.min(...[...this.#timers].map(({ at }) => at));
  }

  advance(seconds: number): void {
    this.advanceTo(this.#now + seconds);
  }

  /** Moves on to a moment, if it is not past, past every timer in between. */
  advanceTo(moment: number): void {
    for (let timer = this.#due(moment); timer; timer = this.#due(moment)) {
      this.#timers.delete(timer);
      this.#now = Math.max(this.#now, timer.at);
      timer.act();
    }
    this.#now = Math.max(this.#now, moment);
  }

  #due(moment: number): Timer | undefined {
    return [...this.#timers].find(({ at }) => at === this.next && at <= moment);
  }
}
