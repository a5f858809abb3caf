/** What an answer was, undefined when none came within the limit, and the seconds that were waited for it. */
export interface Timed<Answer> {
  readonly answer: Answer | undefined;
  readonly seconds: number;
}

/** How often it is looked at the clock while an answer is waited for. */
const TICK_MS = 50;

/** Of more than this between two looks the rest was not waited: this thread was busy, and could not notice an answer. */
const MAX_TICK_MS = 2 * TICK_MS;

/**
 * Asks, and waits for at most `timeoutSeconds`; `ask` must reject when its signal aborts. What else it rejects with is
 * thrown. Seconds in which this thread did other work do not count: who is asked has not caused them.
 */
export async function timed<Answer>(
  timeoutSeconds: number,
  ask: (signal: AbortSignal) => Promise<Answer>,
): Promise<Timed<Answer>> {
  const controller = new AbortController();
  const { signal } = controller;
  const wait = new Wait();
  let timer = setTimeout(tick, TICK_MS);
  // After other work an answer may be there already, but is noticed only after the timers.
  function tick(): void {
    const { wasBusy } = wait.look();
    if (!wasBusy && wait.seconds >= timeoutSeconds) controller.abort();
    else timer = setTimeout(tick, TICK_MS);
  }
  try {
    const answer = await ask(signal).catch((error: unknown) => {
      if (signal.aborted) return undefined;
      throw error;
    });
    wait.look();
    return { answer, seconds: wait.seconds };
  } finally {
    clearTimeout(timer);
  }
}

/** The time that passes in steps of at most `MAX_TICK_MS`. */
class Wait {
  #milliseconds = 0;
  #lookedAt = performance.now();

  get seconds(): number {
    return this.#milliseconds / 1000;
  }

  look(): { readonly wasBusy: boolean } {
    const now = performance.now();
    const elapsed = now - this.#lookedAt;
    this.#lookedAt = now;
    this.#milliseconds += Math.min(elapsed, MAX_TICK_MS);
    return { wasBusy: elapsed > MAX_TICK_MS };
  }
}
