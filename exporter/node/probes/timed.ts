/** What an answer was, undefined when none came within the limit, and the seconds that were waited for it. */
export interface Timed<Answer> {
  readonly answer: Answer | undefined;
  readonly seconds: number;
}

/** Asks, and waits for at most `timeoutSeconds`; `ask` must reject when its signal aborts. What else it rejects with is thrown. */
export async function timed<Answer>(
  timeoutSeconds: number,
  ask: (signal: AbortSignal) => Promise<Answer>,
): Promise<Timed<Answer>> {
  const controller = new AbortController();
  const { signal } = controller;
  const timer = setTimeout(() => controller.abort(), timeoutSeconds * 1000);
  const start = performance.now();
  try {
    const answer = await ask(signal).catch((error: unknown) => {
      if (signal.aborted) return undefined;
      throw error;
    });
    return { answer, seconds: (performance.now() - start) / 1000 };
  } finally {
    clearTimeout(timer);
  }
}
