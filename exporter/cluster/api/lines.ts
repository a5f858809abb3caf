import { ProtocolError } from './protocol-error.ts';

/** Splits a stream of bytes into lines, independent of its chunks; keeps at most one line. */
export class LineSplitter {
  readonly #maxBytes: number;
  #parts: Buffer[] = [];
  #size = 0;

  /** `maxBytes`: of one line. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
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
    if (this.#size > this.#maxBytes) throw new ProtocolError(`a line is longer than ${this.#maxBytes} bytes`);
    this.#parts.push(part);
  }

  /** Decodes a whole line, because a chunk may end within a character. */
  #take(): string {
    const line = Buffer.concat(this.#parts).toString();
    this.#parts = [];
    this.#size = 0;
    return line;
  }
}
