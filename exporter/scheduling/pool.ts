import { extname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { RunRequest, RunResult, WorkerMessage, WorkerSettings } from './messages.ts';
import { Progress } from './progress.ts';

/** A run to be made, and who wants to know that it got stuck. */
export interface Job {
  readonly request: RunRequest;
  /** Seconds without progress after which the run counts as stuck. */
  readonly timeout: number;
  /** Called at most once; the run goes on, and its result still comes when the host answers. */
  onStuck(about: string | undefined): void;
}

/** A run that ended with an error, after how many seconds. */
export class RunFailed extends Error {
  override readonly name = 'RunFailed';
  readonly seconds: number | undefined;

  constructor(message: string, seconds?: number) {
    super(message);
    this.seconds = seconds;
  }
}

/**
 * Seconds that a thread may take to load the program and take up its run. A machine that is so slow gains nothing from
 * more threads, so this is long.
 */
const START_TIMEOUT = 60;

/** Threads that stay when there is nothing to do: each takes some 10 MB of memory, and 0.1 s to start. */
const KEPT = 1;

/** Seconds that a run waits for a thread that is busy before another is started: most runs take some milliseconds. */
const PATIENCE = 1;

interface Waiting {
  readonly job: Job;
  /** In the milliseconds of `performance.now()`. */
  readonly since: number;
  resolve(result: RunResult): void;
  reject(error: Error): void;
}

/** A worker thread and the memory shared with it. */
interface Thread {
  readonly worker: Worker;
  readonly progress: Progress;
}

interface Running extends Waiting {
  readonly thread: Thread;
  timer: NodeJS.Timeout;
  /** The thread's count of notes when it was last looked at. */
  count: number;
  stuck: boolean;
}

/**
 * At most `size` runs at a time, each in a worker thread of its own. A thread that hangs in a system call cannot be
 * ended; it is left alone and no longer counted, and another takes its place, so that one hung disk stops one
 * collector. Their number is bounded because a collector is not started again before its last run has ended.
 */
export class WorkerPool {
  readonly #size: number;
  readonly #settings: WorkerSettings;
  readonly #idle: Thread[] = [];
  readonly #running = new Map<Thread, Running>();
  readonly #waiting: Waiting[] = [];
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(size: number, settings: WorkerSettings) {
    this.#size = size;
    this.#settings = settings;
  }

  /** Rejects with `RunFailed` when the collector throws or its thread dies. */
  run(job: Job): Promise<RunResult> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ job, since: performance.now(), resolve, reject });
      this.#startNext();
    });
  }

  /** Ends all threads; false when one hangs and could not be ended in `grace` seconds. */
  async close(grace: number): Promise<boolean> {
    this.#closed = true;
    this.#waiting.length = 0;
    clearTimeout(this.#retry);
    const ended = Promise.all([...this.#idle, ...this.#running.keys()].map(({ worker }) => worker.terminate()));
    return Promise.race([ended.then(() => true), sleep(grace * 1000, false, { ref: false })]);
  }

  #startNext(): void {
    while (!this.#closed && this.#active() < this.#size) {
      const [next] = this.#waiting;
      if (!next) return;
      const patience = PATIENCE * 1000 - (performance.now() - next.since);
      if (this.#idle.length === 0 && this.#active() > 0 && patience > 0) {
        this.#retry ??= setTimeout(() => {
          this.#retry = undefined;
          this.#startNext();
        }, patience);
        return;
      }
      this.#waiting.shift();
      this.#start(this.#idle.pop() ?? this.#newThread(), next);
    }
  }

  #active(): number {
    return [...this.#running.values()].filter(({ stuck }) => !stuck).length;
  }

  #start(thread: Thread, waiting: Waiting): void {
    const timer = setTimeout(() => this.#onTimeout(running), START_TIMEOUT * 1000);
    const { progress } = thread;
    progress.clear();
    const running: Running = { ...waiting, thread, timer, count: progress.count, stuck: false };
    this.#running.set(thread, running);
    thread.worker.postMessage(waiting.job.request);
  }

  #onTimeout(running: Running): void {
    const { count, about } = running.thread.progress;
    if (count !== running.count) {
      running.count = count;
      running.timer.refresh();
      return;
    }
    running.stuck = true;
    running.job.onStuck(about);
    this.#startNext();
  }

  #newThread(): Thread {
    const entry = new URL(`./worker${extname(import.meta.url)}`, import.meta.url);
    // The heaps of threads that mostly read small files; without a limit each keeps a young generation of 16 MiB.
    const resourceLimits = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 128 };
    const progress = new Progress();
    const workerData = { settings: this.#settings, memory: progress.memory };
    const worker = new Worker(entry, { workerData, resourceLimits });
    const thread = { worker, progress };
    worker.on('message', (message: WorkerMessage) => this.#onMessage(thread, message));
    worker.on('error', (error) => this.#onDeath(thread, `its worker thread died: ${error.message}`));
    worker.on('exit', () => this.#onDeath(thread, 'its worker thread ended'));
    return thread;
  }

  #onDeath(thread: Thread, reason: string): void {
    const running = this.#end(thread);
    if (this.#closed) return;
    running?.reject(new RunFailed(reason));
    this.#startNext();
  }

  #onMessage(thread: Thread, message: WorkerMessage): void {
    const running = this.#running.get(thread);
    if (!running) return;
    if (message.kind === 'started') {
      clearTimeout(running.timer);
      if (!running.stuck) running.timer = setTimeout(() => this.#onTimeout(running), running.job.timeout * 1000);
      return;
    }
    this.#end(thread);
    this.#idle.push(thread);
    if (message.kind === 'done') running.resolve(message.result);
    else running.reject(new RunFailed(message.message, message.seconds));
    this.#startNext();
    this.#endSpare();
  }

  #endSpare(): void {
    while (this.#idle.length > 0 && this.#idle.length + this.#active() > KEPT)
      void this.#idle.pop()?.worker.terminate();
  }

  /** Takes a run off its thread. */
  #end(thread: Thread): Running | undefined {
    const running = this.#running.get(thread);
    this.#running.delete(thread);
    const position = this.#idle.indexOf(thread);
    if (position !== -1) this.#idle.splice(position, 1);
    if (running) clearTimeout(running.timer);
    return running;
  }
}
