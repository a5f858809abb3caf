import cron, { type ScheduledTask } from 'node-cron';

/** Something that runs at the times of a cron pattern. */
export interface Entry {
  readonly cron: string;
  run(): void;
}

/** The entries of one pattern: to find its next time costs 0.15 ms, and most have the same. */
interface Turn {
  readonly entries: readonly Entry[];
  /** The pattern; it is never started. */
  readonly task: ScheduledTask;
  /** Unix time in milliseconds of the next run. */
  next: number;
}

/**
 * Runs entries at the times of their patterns, by the system's clock in the local time zone. It looks once a second
 * what is due, for node-cron's own timers do not bear that the clock is set: back by an hour, they sleep for that hour;
 * forward by a year, they walk through all turns of that year. Here a step of the clock shifts one run at most.
 */
export class Timetable {
  readonly #turns: readonly Turn[];
  #lookedAt = Date.now();
  #timer: NodeJS.Timeout;

  constructor(entries: readonly Entry[]) {
    this.#turns = [...new Set(entries.map((entry) => entry.cron))].map((pattern) => {
      const task = cron.createTask(pattern, () => {});
      return { entries: entries.filter((entry) => entry.cron === pattern), task, next: nextTime(task) };
    });
    this.#timer = this.#lookSoon();
  }

  stop(): void {
    clearTimeout(this.#timer);
    for (const { task } of this.#turns) void task.destroy();
  }

  /** At the beginning of the next second, when turns begin. */
  #lookSoon(): NodeJS.Timeout {
    return setTimeout(() => this.#look(), 1000 - (Date.now() % 1000));
  }

  #look(): void {
    const now = Date.now();
    const isSetBack = now < this.#lookedAt;
    this.#lookedAt = now;
    this.#timer = this.#lookSoon();
    for (const turn of this.#turns) {
      const isDue = now >= turn.next;
      if (isDue || isSetBack) turn.next = nextTime(turn.task);
      if (isDue) for (const entry of turn.entries) entry.run();
    }
  }
}

/** Never for a pattern that matches no day, such as 30 February. */
function nextTime(task: ScheduledTask): number {
  try {
    return task.getNextRuns(1)[0]?.getTime() ?? Number.POSITIVE_INFINITY;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
