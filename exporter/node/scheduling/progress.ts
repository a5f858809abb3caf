/** Bytes kept of what a thread is at. */
const MAX_NOTE_BYTES = 512;

/**
 * Memory shared with a worker thread in which a run notes what it is at. A message would say the same, at a hundred times
 * the cost, for every container at every run.
 */
export class Progress {
  readonly memory: SharedArrayBuffer;
  /** How often something was noted, and how many bytes the last note has. */
  readonly #counts: Int32Array;
  readonly #text: Buffer;

  constructor(memory = new SharedArrayBuffer(8 + MAX_NOTE_BYTES)) {
    this.memory = memory;
    this.#counts = new Int32Array(memory, 0, 2);
    this.#text = Buffer.from(memory, 8, MAX_NOTE_BYTES);
  }

  note(about: string): void {
    Atomics.store(this.#counts, 1, this.#text.write(about));
    Atomics.add(this.#counts, 0, 1);
  }

  get count(): number {
    return Atomics.load(this.#counts, 0);
  }

  /** The last note; a thread that hangs does not write another while we read. */
  get about(): string | undefined {
    const length = Atomics.load(this.#counts, 1);
    return length === 0 ? undefined : this.#text.toString('utf8', 0, length);
  }
}
