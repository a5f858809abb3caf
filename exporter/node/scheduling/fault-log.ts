import type { Logger } from 'pino';
import type { Fault } from './messages.ts';

/** Logs each fault when it appears and when it is gone, and what a host lacks, not at every run. */
export class FaultLog {
  readonly #log: Logger;
  readonly #current = new Map<string, ReadonlyMap<string, string>>();
  /** By collector, why its last run told nothing. */
  readonly #failures = new Map<string, Fault>();
  readonly #absent = new Map<string, readonly string[]>();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Takes the faults of a collector's last run, which stand for all that is wrong with it now. */
  report(collector: string, faults: readonly Fault[]): void {
    const failure = this.#failures.get(collector);
    if (failure) this.#log.info({ collector, about: failure.about }, 'recovered');
    this.#failures.delete(collector);
    const before = this.#current.get(collector) ?? new Map<string, string>();
    const now = new Map(faults.map(({ about, message }) => [about, message]));
    for (const [about, message] of now) {
      if (before.get(about) !== message) this.#log.warn({ collector, about, error: message }, 'read failed');
    }
    for (const about of before.keys()) {
      if (!now.has(about)) this.#log.info({ collector, about }, 'recovered');
    }
    this.#current.set(collector, now);
  }

  /** Takes what a collector found its host not to have. */
  reportAbsent(collector: string, absent: readonly string[]): void {
    const before = this.#absent.get(collector) ?? [];
    for (const what of absent)
      if (!before.includes(what)) this.#log.debug({ collector, what }, 'not found on this host');
    this.#absent.set(collector, absent);
  }

  /** A run that makes no progress: the thread waits for the kernel, usually for a disk that does not answer. */
  stuck(collector: string, timeoutSeconds: number, about: string | undefined): void {
    this.failed(collector, {
      about: about ?? collector,
      message: `no progress for ${timeoutSeconds} s; the last values are kept until it answers`,
    });
  }

  /** A run without result: the faults of the last one that had some stand. */
  failed(collector: string, { about, message }: Fault): void {
    const before = this.#failures.get(collector);
    if (before?.about === about && before.message === message) return;
    this.#log.warn({ collector, about, error: message }, 'read failed');
    this.#failures.set(collector, { about, message });
  }
}
