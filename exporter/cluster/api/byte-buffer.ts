const INITIAL_BYTES = 1024;

/** Bytes that come in pieces. It takes twice their memory at most: kept apart, pieces of one byte each take 100 times theirs. */
export class ByteBuffer {
  #bytes = Buffer.alloc(INITIAL_BYTES);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  append(piece: Uint8Array): void {
    const length = this.#length + piece.length;
    if (length > this.#bytes.length) {
      const bytes = Buffer.alloc(Math.max(length, 2 * this.#bytes.length));
      bytes.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = bytes;
    }
    this.#bytes.set(piece, this.#length);
    this.#length = length;
  }

  /** Their text in UTF-8, up to `maxBytes`; nothing is kept. */
  take(maxBytes = this.#length): string {
    const text = this.#bytes.toString('utf8', 0, Math.min(this.#length, maxBytes));
    this.#bytes = Buffer.alloc(INITIAL_BYTES);
    this.#length = 0;
    return text;
  }
}
