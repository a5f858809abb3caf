import type { Host } from '../host/host.ts';
import type { OpenFile } from '../host/tree.ts';
import type { Daemon, DaemonProcess } from './daemon-processes.ts';

/** A thread whose /proc/PID/task/TID/stat is open. */
export interface OpenThread {
  readonly daemon: Daemon;
  /** Below /proc: `PID/task/TID`. */
  readonly path: string;
  readonly stat: OpenFile;
}

/** Files open at a time; a daemon of Go, which ends itself at 10,000 threads, has a hundred when all is well. */
const MAX_OPEN_THREADS = 4000;

/** Bytes of a stat line that hold its state: a thread's name has 15 bytes at most. */
const START = 64;

/**
 * The threads of some daemons, their stat files open: opening one takes longer than reading it. `list` looks for new
 * threads; one that is gone is closed when it is read.
 */
export class Threads implements Iterable<OpenThread> {
  readonly #host: Host;
  readonly #open = new Map<string, OpenThread>();
  readonly #buffer = Buffer.alloc(START);

  constructor(host: Host) {
    this.#host = host;
  }

  /** Opens what is not open yet; throws when there are more threads than can be open. */
  list(processes: readonly DaemonProcess[]): void {
    for (const { daemon, pid } of processes) {
      for (const tid of this.#host.procfs.listIfPresent(`${pid}/task`)) {
        const path = `${pid}/task/${tid}`;
        if (this.#open.has(path)) continue;
        if (this.#open.size >= MAX_OPEN_THREADS)
          throw new Error(`too many threads: only ${MAX_OPEN_THREADS} are sampled`);
        const stat = this.#host.procfs.openIfPresent(`${path}/stat`);
        if (stat) this.#open.set(path, { daemon, path, stat });
      }
    }
  }

  /** The state letter of a thread, undefined when it is gone. */
  readState(thread: OpenThread): string | undefined {
    const length = thread.stat.readInto(this.#buffer);
    const state = threadState(this.#buffer, length);
    if (state === undefined) {
      thread.stat.close();
      this.#open.delete(thread.path);
    }
    return state;
  }

  [Symbol.iterator](): Iterator<OpenThread> {
    return this.#open.values();
  }

  close(): void {
    for (const { stat } of this.#open.values()) stat.close();
    this.#open.clear();
  }
}

const CLOSING_BRACKET = 0x29;

/** The state in the first `length` bytes of a line of /proc/PID/stat (see `parseProcessStat`), undefined without one. */
export function threadState(line: Buffer, length: number): string | undefined {
  let close = length - 3;
  while (close >= 0 && line[close] !== CLOSING_BRACKET) close -= 1;
  return close < 0 ? undefined : String.fromCharCode(line[close + 2] ?? 0);
}

/** Nanoseconds in the run queue, and turns on a processor. */
export interface Schedstat {
  readonly delay: number;
  readonly runs: number;
}

/**
 * /proc/PID/task/TID/schedstat: `81910588 139291075 334`, nanoseconds on a processor, nanoseconds waiting for one, and
 * turns (Documentation/scheduler/sched-stats.rst). Undefined without the file (CONFIG_SCHED_INFO) or the thread.
 */
export function readSchedstat(host: Host, thread: string): Schedstat | undefined {
  const text = host.procfs.readIfPresent(`${thread}/schedstat`);
  return text === undefined ? undefined : parseSchedstat(text);
}

/** Throws for what is not a line of schedstat. */
export function parseSchedstat(text: string): Schedstat {
  const match = /^\d+ (\d+) (\d+)\s*$/.exec(text);
  if (!match) throw new Error(`not a /proc/PID/schedstat line: ${JSON.stringify(text.slice(0, 80))}`);
  return { delay: Number(match[1]), runs: Number(match[2]) };
}
