import type { Worker } from 'node:worker_threads';
import type { RunResult, WorkerMessage, WorkerSettings } from './messages.ts';
import { Deadline, type Job, type Pending, RunFailed, settle, startThread } from './thread.ts';

interface Running extends Pending {
  readonly deadline: Deadline;
}

/** One thread for all runs that do not block: they go on side by side. It starts with the first of them. */
export class SharedThread {
  readonly #settings: WorkerSettings;
  readonly #running = new Map<string, Running>();
  #thread: Worker | undefined;

  constructor(settings: WorkerSettings) {
    this.#settings = settings;
  }

  /** Rejects with `RunFailed` when the collector throws or the thread dies. */
  run(job: Job): Promise<RunResult> {
    this.#thread ??= this.#start();
    const thread = this.#thread;
    return new Promise((resolve, reject) => {
      const deadline = new Deadline(thread, job.request, (about) => job.onStuck(about));
      this.#running.set(job.request.collector, { job, resolve, reject, deadline });
    });
  }

  async end(): Promise<void> {
    for (const { deadline } of this.#running.values()) deadline.end();
    this.#running.clear();
    await this.#thread?.terminate();
  }

  #start(): Worker {
    return startThread(this.#settings, {
      message: (_, message) => this.#onMessage(message),
      died: (thread, reason) => this.#onDeath(thread, reason),
    });
  }

  #onMessage(message: WorkerMessage): void {
    const running = this.#running.get(message.collector);
    if (!running) return;
    if (message.kind === 'started') {
      running.deadline.start(running.job.timeoutSeconds);
      return;
    }
    running.deadline.end();
    this.#running.delete(message.collector);
    settle(running, message);
  }

  #onDeath(thread: Worker, reason: string): void {
    if (this.#thread !== thread) return;
    this.#thread = undefined;
    const running = [...this.#running.values()];
    this.#running.clear();
    for (const { deadline, reject } of running) {
      deadline.end();
      reject(new RunFailed(reason));
    }
  }
}
