import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Failure, RunRequest, RunResult, ThreadRequest, WorkerMessage, WorkerSettings } from './messages.ts';
import { Progress } from './progress.ts';

/** A run to be made, and who wants to know that it got stuck. */
export interface Job {
  readonly request: RunRequest;
  /** Seconds without progress after which the run counts as stuck. */
  readonly timeoutSeconds: number;
  /** Whether the run never blocks its thread, so that it can share it with others. */
  readonly nonBlocking: boolean;
  /** Called at most once; the run goes on, and its result still comes when the host answers. */
  onStuck(about: string | undefined): void;
}

/** A run that ended with an error, after how many seconds. */
export class RunFailed extends Error {
  override readonly name = 'RunFailed';
  readonly seconds: number | undefined;
  /** As in `Failure`. */
  readonly unmeasured: Failure['unmeasured'];

  constructor(message: string, { seconds, unmeasured }: Partial<Failure> = {}) {
    super(message);
    this.seconds = seconds;
    this.unmeasured = unmeasured;
  }
}

/** A job that somebody waits for. */
export interface Pending {
  readonly job: Job;
  resolve(result: RunResult): void;
  reject(error: Error): void;
}

/** What becomes of a thread. */
export interface ThreadEvents {
  message(thread: Worker, message: WorkerMessage): void;
  /** May be called twice. */
  died(thread: Worker, reason: string): void;
}

/** Starts a thread that runs collectors. */
export function startThread(settings: WorkerSettings, events: ThreadEvents): Worker {
  const entry = new URL(`./worker${extname(import.meta.url)}`, import.meta.url);
  // The heaps of threads that mostly read small files; without a limit each keeps a young generation of 16 MiB.
  const resourceLimits = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 128 };
  const thread = new Worker(entry, { workerData: settings, resourceLimits, stdout: true, stderr: true });
  // Only Node.js prints there. By default that waits in memory for as long as standard error is not read.
  for (const stream of [thread.stdout, thread.stderr]) {
    stream.on('data', (text) => process.emitWarning(String(text).trim()));
  }
  thread.on('message', (message: WorkerMessage) => events.message(thread, message));
  thread.on('error', (error) => events.died(thread, `worker thread crashed: ${error.message}`));
  thread.on('exit', () => events.died(thread, 'worker thread exited'));
  return thread;
}

/** Tells whoever waits for a run how it ended. */
export function settle({ resolve, reject }: Pending, message: Exclude<WorkerMessage, { kind: 'started' }>): void {
  if (message.kind === 'done') resolve(message.result);
  else reject(new RunFailed(message.message, message));
}

/**
 * Seconds that a thread may take to load the program and take up its run. A machine that is so slow gains nothing from
 * more threads, so this is long.
 */
const START_TIMEOUT_SECONDS = 60;

/** Gives a run to a thread, and tells when it notes no progress any more. */
export class Deadline {
  readonly #progress = new Progress();
  readonly #onMissed: (about: string | undefined) => void;
  #timer: NodeJS.Timeout;
  /** The run's count of notes when it was last looked at. */
  #count = 0;
  #missed = false;

  constructor(worker: Worker, request: RunRequest, onMissed: (about: string | undefined) => void) {
    this.#onMissed = onMissed;
    worker.postMessage({ ...request, progress: this.#progress.memory } satisfies ThreadRequest);
    this.#timer = setTimeout(() => this.#look(), START_TIMEOUT_SECONDS * 1000);
  }

  get missed(): boolean {
    return this.#missed;
  }

  /** The thread has taken up the run, which may now go without progress for some seconds at a time. */
  start(seconds: number): void {
    clearTimeout(this.#timer);
    if (!this.#missed) this.#timer = setTimeout(() => this.#look(), seconds * 1000);
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #look(): void {
    const { count } = this.#progress;
    if (count !== this.#count) {
      this.#count = count;
      this.#timer.refresh();
      return;
    }
    this.#missed = true;
    this.#onMissed(this.#progress.about);
  }
}
