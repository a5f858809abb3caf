import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import type { RunResult, WorkerMessage, WorkerSettings } from './messages.ts';
import { SharedThread } from './shared-thread.ts';
import { Deadline, type Job, type Pending, RunFailed, settle, startThread } from './thread.ts';

/** Threads that stay when there is nothing to do; each takes some 10 MB of memory, and 0.1 s to start. */
const MIN_IDLE_THREADS = 1;

/** Milliseconds that a run waits for a busy thread before another is started: most runs take some milliseconds. */
const MAX_WAIT_MS = 1000;

interface Waiting extends Pending {
  /** In the milliseconds of `performance.now()`. */
  readonly since: number;
}

interface Running extends Waiting {
  readonly deadline: Deadline;
}

/**
 * At most `size` runs at a time, each in a worker thread of its own. A thread that hangs in a system call cannot be
 * ended; it is left alone and no longer counted, and another takes its place, so that one hung disk stops one
 * collector. Their number is bounded because a collector is not started again before its last run has ended.
 * Runs that do not block have one more thread together.
 */
export class WorkerPool {
  readonly #size: number;
  readonly #settings: WorkerSettings;
  readonly #idle: Worker[] = [];
  readonly #running = new Map<Worker, Running>();
  readonly #waiting: Waiting[] = [];
  readonly #shared: SharedThread;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(size: number, settings: WorkerSettings) {
    this.#size = size;
    this.#settings = settings;
    this.#shared = new SharedThread(settings);
  }

  /** Rejects with `RunFailed` when the collector throws or its thread dies. */
  run(job: Job): Promise<RunResult> {
    // After the end nothing is started any more: what is queued then waits for ever.
    if (job.nonBlocking && !this.#closed) return this.#shared.run(job);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ job, since: performance.now(), resolve, reject });
      this.#startNext();
    });
  }

  /** Ends all threads; false when one hangs and could not be ended in `graceSeconds`. */
  async close(graceSeconds: number): Promise<boolean> {
    this.#closed = true;
    this.#waiting.length = 0;
    clearTimeout(this.#retry);
    const threads = [...this.#idle, ...this.#running.keys()];
    const ended = Promise.all([this.#shared.end(), ...threads.map((thread) => thread.terminate())]);
    return Promise.race([ended.then(() => true), sleep(graceSeconds * 1000, false, { ref: false })]);
  }

  #startNext(): void {
    while (!this.#closed && this.#active() < this.#size) {
      const [next] = this.#waiting;
      if (!next) return;
      const waitMs = MAX_WAIT_MS - (performance.now() - next.since);
      if (this.#idle.length === 0 && this.#active() > 0 && waitMs > 0) {
        this.#retry ??= setTimeout(() => {
          this.#retry = undefined;
          this.#startNext();
        }, waitMs);
        return;
      }
      this.#waiting.shift();
      this.#start(this.#idle.pop() ?? this.#newThread(), next);
    }
  }

  #active(): number {
    return [...this.#running.values()].filter(({ deadline }) => !deadline.missed).length;
  }

  #start(thread: Worker, waiting: Waiting): void {
    const deadline = new Deadline(thread, waiting.job.request, (about) => {
      waiting.job.onStuck(about);
      this.#startNext();
    });
    this.#running.set(thread, { ...waiting, deadline });
  }

  #newThread(): Worker {
    return startThread(this.#settings, {
      message: (thread, message) => this.#onMessage(thread, message),
      died: (thread, reason) => this.#onDeath(thread, reason),
    });
  }

  #onDeath(thread: Worker, reason: string): void {
    const running = this.#end(thread);
    if (this.#closed) return;
    running?.reject(new RunFailed(reason));
    this.#startNext();
  }

  #onMessage(thread: Worker, message: WorkerMessage): void {
    const running = this.#running.get(thread);
    if (!running) return;
    if (message.kind === 'started') {
      running.deadline.start(running.job.timeoutSeconds);
      return;
    }
    this.#end(thread);
    this.#idle.push(thread);
    settle(running, message);
    this.#startNext();
    this.#endSpare();
  }

  #endSpare(): void {
    while (this.#idle.length > 0 && this.#idle.length + this.#active() > MIN_IDLE_THREADS)
      void this.#idle.pop()?.terminate();
  }

  /** Takes a run off its thread. */
  #end(thread: Worker): Running | undefined {
    const running = this.#running.get(thread);
    this.#running.delete(thread);
    const position = this.#idle.indexOf(thread);
    if (position !== -1) this.#idle.splice(position, 1);
    running?.deadline.end();
    return running;
  }
}
