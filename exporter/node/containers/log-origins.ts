import type { LogFile } from './log-file.ts';

/** A gzip file says its uncompressed size modulo this. */
const ISIZE = 2 ** 32;

/** The size of `origin` as a new file that holds it says it. */
export function sizeIn(file: LogFile, origin: LogFile): number {
  return file.compressed ? origin.size % ISIZE : origin.size;
}

/** Files whose bytes may have moved into new ones, each into one: those that are gone, and the active one if it was truncated. */
export class Origins {
  /** The one with the largest `ISIZE` first. */
  readonly #files: readonly LogFile[];
  readonly #truncatedAt: number;
  /** By position, where the next one may be that is not taken yet: itself if it is not. */
  readonly #next: number[];

  constructor(files: readonly LogFile[], truncated: LogFile | undefined) {
    this.#files = [...files].sort(largestFirst);
    this.#truncatedAt = truncated ? this.#files.indexOf(truncated) : -1;
    this.#next = Array.from({ length: files.length + 1 }, (_, position) => position);
  }

  /** Takes the largest file whose bytes fit into a new one; undefined when none does, or it can hold none. */
  take(file: LogFile): LogFile | undefined {
    if (file.active) return undefined;
    const position = file.compressed ? this.#nextFree(this.#firstAtMost(file.size)) : this.#truncatedAt;
    const origin = this.#next[position] === position ? this.#files[position] : undefined;
    if (!origin || sizeIn(file, origin) > file.size) return undefined;
    this.#next[position] = position + 1;
    return origin;
  }

  #firstAtMost(size: number): number {
    let low = 0;
    let high = this.#files.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#files[middle]?.size ?? 0) % ISIZE > size) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** What it passes is shortened, so that all searches together take hardly more steps than there are files. */
  #nextFree(position: number): number {
    let free = position;
    for (let next = this.#next[free] ?? free; next !== free; next = this.#next[free] ?? free) {
      this.#next[free] = this.#next[next] ?? next;
      free = next;
    }
    return free;
  }
}

/** Of the same size, the active one last: it is the only one that can be in an uncompressed copy. */
function largestFirst(a: LogFile, b: LogFile): number {
  return (b.size % ISIZE) - (a.size % ISIZE) || Number(a.active) - Number(b.active);
}
