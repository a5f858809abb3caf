import { type Dir, opendirSync, readdirSync } from 'node:fs';

/** A name in a directory: its bytes unless it is ASCII, as a name need not be UTF-8. */
export type Name = string | Buffer;

/** The names of a directory, in as large parts as they are asked for. */
export interface Listing {
  /** The next `most` names; fewer at the end. */
  next(most: number): Name[];
  close(): void;
}

/** Size of a directory itself, in bytes, from which on its names are not read at once; hundreds to thousands of names. */
const LARGE_DIRECTORY = 65_536;

/** Starts to read the names in the directory at a path, whose own size is `size`. */
export function openListing(path: string, size: number): Listing {
  // Twice as fast for a directory of few names.
  if (size < LARGE_DIRECTORY) return new ListingAtOnce(readdirSync(path, 'latin1'));
  return new ListingInParts(opendirSync(path, { bufferSize: 1024, encoding: 'latin1' }));
}

class ListingAtOnce implements Listing {
  readonly #names: string[];
  #position = 0;

  constructor(names: string[]) {
    this.#names = names;
  }

  next(most: number): Name[] {
    const names = this.#names.slice(this.#position, this.#position + most);
    this.#position += most;
    return names.map(nameOf);
  }

  close(): void {
    this.#position = this.#names.length;
  }
}

class ListingInParts implements Listing {
  readonly #directory: Dir;

  constructor(directory: Dir) {
    this.#directory = directory;
  }

  next(most: number): Name[] {
    const names: Name[] = [];
    while (names.length < most) {
      const name = this.#directory.readSync()?.name;
      if (name === undefined) break;
      names.push(nameOf(name));
    }
    return names;
  }

  close(): void {
    this.#directory.closeSync();
  }
}

/** The name whose bytes are the characters of `latin1`. */
function nameOf(latin1: string): Name {
  return /[^\0-\x7f]/.test(latin1) ? Buffer.from(latin1, 'latin1') : latin1;
}
