import type { Worker } from 'node:worker_threads';
import type { RunResult, WorkerMessage, WorkerSettings } from './messages.ts';
import { Deadline, type Job, type Pending, RunFailed, startThread } from './thread.ts';

interface Running extends Pending {
  readonly deadline: Deadline;
}

/** One thread for all runs that wait and never block: they go on side by side. It starts with the first of them. */
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
    const thread = startThread(this.#settings);
    thread.on('message', (message: WorkerMessage) => this.#onMessage(message));
    thread.on('error', (error) => this.#onDeath(thread, `its worker thread died: ${error.message}`));
    thread.on('exit', () => this.#onDeath(thread, 'its worker thread ended'));
    return thread;
  }

  #onMessage(message: WorkerMessage): void {
    const running = this.#running.get(message.collector);
    if (!running) return;
    if (message.kind === 'started') {
      running.deadline.start(running.job.timeout);
      return;
    }
    running.deadline.end();
    this.#running.delete(message.collector);
    if (message.kind === 'done') running.resolve(message.result);
    else running.reject(new RunFailed(message.message, message.seconds));
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
