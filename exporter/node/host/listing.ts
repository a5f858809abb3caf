import type { Dir } from 'node:fs';

/** A name in a directory: its bytes unless it is ASCII, as a name need not be UTF-8. */
export type Name = string | Buffer;

/** The names of a directory, read as they are asked for: there may be millions. */
export class Listing {
  readonly #directory: Dir;

  constructor(directory: Dir) {
    this.#directory = directory;
  }

  /** The next `most` names; fewer at the end. */
  next(most: number): Name[] {
    const names: Name[] = [];
    while (names.length < most) {
      const name = this.#directory.readSync()?.name;
      if (name === undefined) break;
      names.push(/[^\0-\x7f]/.test(name) ? Buffer.from(name, 'latin1') : name);
    }
    return names;
  }

  close(): void {
    this.#directory.closeSync();
  }
}
