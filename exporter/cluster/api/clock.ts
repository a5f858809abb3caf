/** The time and the timers of the client; tests bring their own. */
export interface Clock {
  /** Unix time in seconds. */
  now(): number;
  /** Calls `act` once, after so many seconds. Returns a function that cancels it. */
  after(seconds: number, act: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now() / 1000,
  after: (seconds, act) => {
    const timer = setTimeout(act, seconds * 1000);
    return () => clearTimeout(timer);
  },
};

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
