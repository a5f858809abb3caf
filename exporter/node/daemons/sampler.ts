import type { Host } from '../host/host.ts';
import { type Block, blockedSince, type EndedBlock, isSameBlock, longestBlocks } from './blocks.ts';
import type { Daemon, DaemonProcess } from './daemon-processes.ts';
import { type OpenThread, readSchedstat, Threads } from './threads.ts';

/** Sums over the threads of a daemon, since this exporter started. */
export interface DaemonTotals {
  /** Thread-seconds in D. */
  readonly blockedSeconds: number;
  /** Nanoseconds in the run queue. */
  readonly runDelay: number;
  /** When it last ran, in seconds of the monotonic clock. */
  readonly ranAt: number;
}

/** What a sampling hands to the next one. */
export interface Sampling {
  /** When the last look was, in seconds of the monotonic clock. */
  readonly lookedAt: number;
  /** Of the daemons that run, and of those that ended a moment ago: a restart does not make a total fall. */
  readonly totals: ReadonlyMap<Daemon, DaemonTotals>;
  /** The daemons that run. */
  readonly running: ReadonlySet<Daemon>;
  /** The blocks that threads are in, by thread. */
  readonly blocks: ReadonlyMap<string, Block>;
  /** Blocks that may yet be the longest of the last `WINDOW_SECONDS` seconds. */
  readonly ended: readonly EndedBlock[];
  /** Nanoseconds in the run queue, by thread. */
  readonly runDelays: ReadonlyMap<string, number>;
}

/** Seconds in which the longest block is looked for, and for which the totals of a daemon that has ended are kept. */
const WINDOW_SECONDS = 300;

/** Looks at the threads of daemons again and again, and adds what it sees to what the last sampling saw. */
export class Sampler {
  readonly #host: Host;
  readonly #threads: Threads;
  readonly #previous: Sampling | undefined;
  readonly #totals: Map<Daemon, DaemonTotals>;
  readonly #running = new Set<Daemon>();
  #blocks: ReadonlyMap<string, Block>;
  #ended: readonly EndedBlock[];
  #lookedAt: number | undefined;

  constructor(host: Host, previous: Sampling | undefined) {
    this.#host = host;
    this.#threads = new Threads(host);
    this.#previous = previous;
    this.#totals = new Map(previous?.totals);
    this.#blocks = previous?.blocks ?? new Map();
    this.#ended = previous?.ended ?? [];
    this.#lookedAt = previous?.lookedAt;
  }

  /** Takes up threads that are new. Throws when there are too many. */
  list(processes: readonly DaemonProcess[]): void {
    for (const { daemon } of processes) {
      this.#running.add(daemon);
      this.#add(daemon, {});
    }
    this.#threads.list(processes);
  }

  /** One look at the state of every thread, at `now` of the monotonic clock. */
  look(now: number): void {
    const elapsed = now - (this.#lookedAt ?? now);
    const blocks = new Map<string, Block>();
    for (const thread of this.#threads) {
      if (this.#threads.readState(thread) === 'D') blocks.set(thread.path, this.#block(thread, elapsed));
    }
    const isOver = ([path, before]: [string, Block]) =>
      !isSameBlock(before, blocks.get(path)?.runs) || !blocks.has(path);
    const over = [...this.#blocks].filter(isOver);
    const ended = over.map(([, { daemon, seconds }]) => ({ daemon, seconds, endedAt: now }));
    this.#ended = longestBlocks([...this.#ended, ...ended], WINDOW_SECONDS, now);
    this.#blocks = blocks;
    this.#lookedAt = now;
  }

  /** Adds up how long the threads waited for a processor, closes their files, and tells all that is known now. */
  finish(): Sampling {
    const runDelays = new Map<string, number>();
    for (const { path, daemon } of this.#threads) {
      const delay = readSchedstat(this.#host, path)?.delay;
      if (delay === undefined) continue;
      runDelays.set(path, delay);
      if (this.#previous) this.#add(daemon, { runDelay: increase(this.#previous.runDelays.get(path), delay) });
    }
    this.close();
    const lookedAt = this.#lookedAt ?? 0;
    for (const daemon of this.#running) this.#add(daemon, { ranAt: lookedAt });
    return {
      lookedAt,
      totals: new Map([...this.#totals].filter(([, { ranAt }]) => ranAt > lookedAt - WINDOW_SECONDS)),
      running: this.#running,
      blocks: this.#blocks,
      ended: this.#ended,
      runDelays,
    };
  }

  close(): void {
    this.#threads.close();
  }

  #block({ path, daemon }: OpenThread, elapsed: number): Block {
    const before = this.#blocks.get(path);
    const runs = readSchedstat(this.#host, path)?.runs;
    const step = blockedSince(before, runs, elapsed);
    this.#add(daemon, { blockedSeconds: step });
    return { daemon, seconds: (isSameBlock(before, runs) ? before.seconds : 0) + step, runs };
  }

  #add(daemon: Daemon, { blockedSeconds = 0, runDelay = 0, ranAt }: Partial<DaemonTotals>): void {
    const before = this.#totals.get(daemon) ?? { blockedSeconds: 0, runDelay: 0, ranAt: 0 };
    this.#totals.set(daemon, {
      blockedSeconds: before.blockedSeconds + blockedSeconds,
      runDelay: before.runDelay + runDelay,
      ranAt: ranAt ?? before.ranAt,
    });
  }
}

/** A thread that is new, or has the number of one that ended, has waited all that it shows. */
function increase(before: number | undefined, now: number): number {
  return before === undefined || now < before ? now : now - before;
}

/** Seconds of the longest block of a daemon that lasts or ended in the last `WINDOW_SECONDS` seconds. */
export function longestBlock({ blocks, ended }: Sampling, daemon: Daemon): number {
  const ofDaemon = [...blocks.values(), ...ended].filter((block) => block.daemon === daemon);
  return Math.max(0, ...ofDaemon.map(({ seconds }) => seconds));
}
