import { ByteBuffer } from './byte-buffer.ts';
import { ProtocolError } from './protocol-error.ts';

/**
 * Splits a stream of bytes into lines, independent of its chunks; keeps at most one line, which is decoded as a whole,
 * because a chunk may end within a character.
 */
export class LineSplitter {
  readonly #maxBytes: number;
  readonly #line = new ByteBuffer();

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
      lines.push(this.#line.take());
      start = end + 1;
    }
    this.#keep(chunk.subarray(start));
    return lines;
  }

  #keep(part: Buffer): void {
    if (this.#line.length + part.length > this.#maxBytes) {
      throw new ProtocolError(`a line is longer than ${this.#maxBytes} bytes`);
    }
    this.#line.append(part);
  }
}
