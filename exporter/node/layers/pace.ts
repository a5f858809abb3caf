/** Sleeps this thread. */
export function sleepThread(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/**
 * Keeps work below `perSecond` entries a second on average, by sleeping whenever it is ahead; 0 sets no bound.
 * `clock` is in milliseconds.
 */
export function newPace(
  perSecond: number,
  clock: () => number = () => performance.now(),
  sleep: (milliseconds: number) => void = sleepThread,
): (entries: number) => void {
  const started = clock();
  let done = 0;
  return (entries) => {
    if (perSecond === 0) return;
    done += entries;
    const ahead = (done / perSecond) * 1000 - (clock() - started);
    // Shorter sleeps cost more than they give.
    if (ahead >= 5) sleep(ahead);
  };
}
