import { fstatSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import sonicBoom from 'sonic-boom';

/** Bytes of lines that wait to be written; a run of all collectors with 100 faults each logs less. */
const MAX_WAITING_BYTES = 1024 * 1024;

/**
 * Where the log goes: standard error, as with `--once` standard output is for the exposition. It never blocks the main
 * thread and never throws: lines that are not taken, because a disk is full or the reader of a pipe hangs, wait, and beyond a
 * bound they are dropped and counted.
 */
export interface LogOutput {
  /** How many lines were lost. */
  readonly dropped: number;
  write(line: string): void;
  /** Resolves when nothing waits any more; to false if a write hangs and has not ended within `graceSeconds`. */
  end(graceSeconds: number): Promise<boolean>;
}

export function logOutput(): LogOutput {
  const status = fstatSync(2);
  return status.isFIFO() || status.isSocket() ? new StreamOutput() : new FileOutput();
}

/** A pipe or a socket, which Node writes to without blocking. */
class StreamOutput implements LogOutput {
  readonly #stream = process.stderr;
  dropped = 0;

  constructor() {
    // Each write reports its own failure.
    this.#stream.on('error', () => {});
  }

  write(line: string): void {
    if (this.#stream.writableLength + line.length > MAX_WAITING_BYTES) this.dropped += 1;
    else {
      this.#stream.write(line, (error) => {
        if (error) this.dropped += 1;
      });
    }
  }

  async end(graceSeconds: number): Promise<boolean> {
    const written = new Promise((resolve) => this.#stream.write('', () => resolve(true)));
    return (await Promise.race([written, sleep(graceSeconds * 1000, false, { ref: false })])) === true;
  }
}

/** A file or a terminal, which are written to in libuv's threads. What a full disk refuses is written with the next line. */
class FileOutput implements LogOutput {
  readonly #file = new sonicBoom.SonicBoom({ fd: 2, sync: false, maxLength: MAX_WAITING_BYTES });
  #ended = false;
  dropped = 0;

  constructor() {
    this.#file.on('error', () => {});
    this.#file.on('drop', () => {
      this.dropped += 1;
    });
  }

  write(line: string): void {
    if (this.#ended) this.dropped += 1;
    else this.#file.write(line);
  }

  end(graceSeconds: number): Promise<boolean> {
    const ended = new Promise<boolean>((resolve) => {
      for (const event of ['close', 'error']) this.#file.once(event, () => resolve(true));
    });
    this.#ended = true;
    this.#file.end();
    return Promise.race([ended, sleep(graceSeconds * 1000, false, { ref: false })]);
  }
}
