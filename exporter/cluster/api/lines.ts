import { ProtocolError } from './protocol-error.ts';

/** Splits a stream of bytes into lines, whatever its chunks are; never keeps more than one line. */
export class LineSplitter {
  readonly #limit: number;
  #parts: Buffer[] = [];
  #size = 0;

  /** `limit`: bytes that a line may have. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The lines that this chunk completes, without their newlines. Throws a `ProtocolError` when a line is too long. */
  push(chunk: Buffer): string[] {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf('\n'); end !== -1; end = chunk.indexOf('\n', start)) {
      this.#keep(chunk.subarray(start, end));
      lines.push(this.#take());
      start = end + 1;
    }
    this.#keep(chunk.subarray(start));
    return lines;
  }

  #keep(part: Buffer): void {
    if (part.length === 0) return;
    this.#size += part.length;
    if (this.#size > this.#limit) throw new ProtocolError(`a line is longer than ${this.#limit} bytes`);
    this.#parts.push(part);
  }

  /** Decoded as a whole, because a chunk may end within a character. */
  #take(): string {
    const line = Buffer.concat(this.#parts).toString();
    this.#parts = [];
    this.#size = 0;
    return line;
  }
}
