import type { Daemon } from './daemon-processes.ts';

/** A thread that waits in the kernel without being interruptible, state D, since some looks. */
export interface Block {
  readonly daemon: Daemon;
  readonly seconds: number;
  /** How often the thread had run when it was last looked at; undefined when the kernel does not tell. */
  readonly runs: number | undefined;
}

/** A block that is over. */
export interface EndedBlock {
  readonly daemon: Daemon;
  readonly endedAt: number;
  readonly seconds: number;
}

/** Seconds that one look speaks for at most, when nothing is known of the time before it. */
const MAX_STEP_SECONDS = 2;

/** Whether a thread that is in D again is in the block of the last look: it has not run in between. */
export function isSameBlock(before: Block | undefined, runs: number | undefined): before is Block {
  return before !== undefined && before.runs === runs;
}

/**
 * Seconds that a thread found in D, `elapsed` seconds after the last look, has been blocked since then. A thread that
 * has not run was blocked all the time, however long ago the last look was. Another is taken to have been: what that is
 * too much at the beginning of a block is missed at its end.
 */
export function blockedSince(before: Block | undefined, runs: number | undefined, elapsed: number): number {
  return runs !== undefined && isSameBlock(before, runs) ? elapsed : Math.min(elapsed, MAX_STEP_SECONDS);
}

/** Those of `blocks`, in the order of their ends, that may yet be the longest of their daemon's last `window` seconds. */
export function longestBlocks(blocks: readonly EndedBlock[], window: number, now: number): EndedBlock[] {
  return blocks.filter(
    ({ daemon, endedAt, seconds }, index) =>
      endedAt > now - window &&
      blocks.slice(index + 1).every((later) => later.daemon !== daemon || later.seconds < seconds),
  );
}
