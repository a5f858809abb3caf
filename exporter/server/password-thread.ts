import { once } from 'node:events';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';

/** Its thread costs some megabytes, and a scraper's password is compared once. */
const MAX_IDLE_MS = 5000;

/** What the thread is asked; it answers with a boolean. */
export interface Comparison {
  readonly password: string;
  readonly hash: string;
}

/** Compares passwords with bcrypt hashes in a thread that ends when it has had nothing to do for some seconds. */
export class PasswordThread {
  #worker: Worker | undefined;
  #end: NodeJS.Timeout | undefined;

  /** One at a time. Rejects if the thread dies. */
  async compare(password: string, hash: string): Promise<boolean> {
    clearTimeout(this.#end);
    this.#worker ??= startWorker();
    const worker = this.#worker;
    worker.ref();
    const settled = new AbortController();
    try {
      const answer = once(worker, 'message', settled);
      const exit = once(worker, 'exit', settled).then(() => Promise.reject(new Error('the password thread exited')));
      worker.postMessage({ password, hash } satisfies Comparison);
      const [matches] = await Promise.race([answer, exit]);
      return matches === true;
    } catch (error) {
      this.#worker = undefined;
      throw error;
    } finally {
      settled.abort();
      worker.unref();
      this.#end = setTimeout(() => this.#stop(), MAX_IDLE_MS).unref();
    }
  }

  #stop(): void {
    void this.#worker?.terminate();
    this.#worker = undefined;
  }
}

function startWorker(): Worker {
  const entry = new URL(`./password-worker${extname(import.meta.url)}`, import.meta.url);
  return new Worker(entry, { resourceLimits: { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 16 } });
}
