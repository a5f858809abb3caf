import type { Stats } from 'node:fs';
import { isAbsence } from '../host/absence.ts';
import type { Name } from '../host/listing.ts';
import type { OpenDirectory } from '../host/open-directory.ts';
import { type FoundDirectory, type Level, pathBelow } from './level.ts';
import { lstatByPath, settledPath, settledTop } from './settled.ts';

/** Directories held open, and listings broken off to go down first: each takes a descriptor. */
const MAX_OPEN = 32;
const MAX_LISTINGS = 16;

/** Twice the names that a path of a system call can have (PATH_MAX, limits.h): a deeper tree is made step by step, on purpose. */
const MAX_DEPTH = 4096;

export interface DescentOptions {
  /** Unix time in seconds. */
  unixTime(): number;
  /** What cannot be read, and why; it is left out. */
  fault(path: string, error: unknown): void;
}

/** The way from the top of a tree down to where a walk is. Its descriptors and its memory have a bound. */
export class Descent {
  /** Directories that were not read, or not to the end. */
  unscanned = 0;
  readonly #levels: Level[] = [];
  readonly #options: DescentOptions;
  #listings = 0;

  /** From the directory at this path of the process. Throws when it cannot be read. */
  constructor(top: OpenDirectory, path: string, options: DescentOptions) {
    this.#options = options;
    this.#push(top, { path: '', settledPath: settledTop(path, top, options.unixTime()) });
  }

  get current(): Level | undefined {
    return this.#levels.at(-1);
  }

  /** Goes into a directory of the current one, unless that is gone or another by now. */
  enter(level: Level, { name, ino }: FoundDirectory): void {
    const path = pathBelow(level.path, name);
    if (this.#levels.length > MAX_DEPTH) {
      this.unscanned += 1;
      return;
    }
    try {
      const directory = level.directory?.open(name, { dev: level.identity.dev, ino });
      if (!directory) return;
      const isNear = this.#levels.length < MAX_OPEN;
      const above = isNear ? level.settledPath : undefined;
      this.#push(directory, { path, settledPath: settledPath(above, name, directory, this.#options.unixTime()) });
    } catch (error) {
      this.#failed(path, error);
    }
  }

  #push(directory: OpenDirectory, paths: Pick<Level, 'path' | 'settledPath'>): void {
    const { dev, ino, blocks } = directory.status;
    const place = { directory, identity: { dev, ino }, ...paths, depth: this.#levels.length };
    try {
      const listing = directory.list();
      this.#levels.push({ ...place, listing, found: [], ownBytes: blocks * 512, contentBytes: 0 });
    } catch (error) {
      directory.close();
      throw error;
    }
    this.#listings += 1;
    const far = this.#levels.at(-1 - MAX_OPEN);
    // The top stays open: the walk goes on there if it loses its way back.
    if (!far || far.depth === 0) return;
    far.directory?.close();
    far.directory = undefined;
  }

  /** The next names in the current directory, at most so many. */
  nextNames(level: Level, most: number): Name[] {
    try {
      const names = level.listing?.next(most) ?? [];
      if (names.length < most) this.#endListing(level);
      return names;
    } catch (error) {
      this.#endListing(level);
      this.#failed(level.path, error);
      return [];
    }
  }

  /** What is known of entries of the current directory; undefined for one that is gone. */
  lstatAll(level: Level, names: readonly Name[]): (Stats | undefined)[] {
    return lstatByPath(this.#levels, names) ?? names.map((name) => this.#lstat(level, name));
  }

  #lstat({ directory, path }: Level, name: Name): Stats | undefined {
    try {
      return directory?.lstat(name);
    } catch (error) {
      this.#failed(pathBelow(path, name), error);
      return undefined;
    }
  }

  /** Before going down: gives up what is left of a listing if too many are broken off already. */
  breakOff(level: Level): void {
    if (!level.listing || this.#listings <= MAX_LISTINGS) return;
    this.#endListing(level);
    this.unscanned += 1;
  }

  #endListing(level: Level): void {
    if (!level.listing) return;
    level.listing.close();
    level.listing = undefined;
    this.#listings -= 1;
  }

  /**
   * Leaves the current directory for the one it is in, and yields what was left: more than one directory when the
   * current one was moved meanwhile and `..` leads elsewhere. What is not read of those is given up.
   */
  *leave(): Generator<Level> {
    for (let child = this.#levels.pop(); child; child = this.#levels.pop()) {
      const parent = this.#levels.at(-1);
      if (parent && !parent.directory) parent.directory = this.#parentOf(child, parent);
      if (child.listing || child.found.length > 0) this.unscanned += 1;
      this.#close(child);
      yield child;
      if (parent?.directory) return;
    }
  }

  #parentOf({ directory }: Level, { identity, path }: Level): OpenDirectory | undefined {
    try {
      return directory?.parent(identity);
    } catch (error) {
      this.#failed(path, error);
      return undefined;
    }
  }

  close(): void {
    for (const level of this.#levels.splice(0)) this.#close(level);
  }

  #close(level: Level): void {
    this.#endListing(level);
    level.directory?.close();
  }

  /** A container may change its tree meanwhile: what is absent is no fault. */
  #failed(path: string, error: unknown): void {
    if (isAbsence(error)) return;
    this.unscanned += 1;
    this.#options.fault(path, error);
  }
}
