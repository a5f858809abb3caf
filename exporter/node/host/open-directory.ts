import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  type Stats,
} from 'node:fs';
import { absentAsUndefined } from './absence.ts';
import { type Listing, type Name, openListing } from './listing.ts';
import { aboutPath, descriptorPath, O_PATH, openPlace } from './place.ts';

/** Which file it is. */
export interface FileIdentity {
  readonly dev: number;
  readonly ino: number;
}

/** An absent entry is undefined: an exception for each would cost a walk more than the look. */
const WITHOUT_THROWING = { throwIfNoEntry: false } as const;

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = constants;

/**
 * A directory held open. Node.js has no openat(2), so what is in it is reached as `/proc/self/fd/<descriptor>/<name>`:
 * whoever renames it or puts a link in its place leads nowhere else, and no path is too long, however deep it lies.
 */
export class OpenDirectory {
  /** As it was when it was opened. */
  readonly status: Stats;
  readonly #descriptor: number;
  readonly #prefix: string;

  private constructor(descriptor: number) {
    this.#descriptor = descriptor;
    this.#prefix = `${descriptorPath(descriptor)}/`;
    this.status = fstatSync(descriptor);
  }

  /** The directory at `path` below `base`, found by `openPlace`; undefined when absent. */
  static at(base: string, path: string): OpenDirectory | undefined {
    const directory = absentAsUndefined(() => new OpenDirectory(openPlace(base, path)));
    if (!directory || directory.status.isDirectory()) return directory;
    directory.close();
    return undefined;
  }

  static #open(path: string | Buffer): OpenDirectory | undefined {
    return absentAsUndefined(() => new OpenDirectory(openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)));
  }

  /** Starts to read its names. The caller closes the listing. */
  list(): Listing {
    const listing = this.#read('', () => openListing(this.#prefix, this.status.size));
    return { next: (most) => this.#read('', () => listing.next(most)), close: () => listing.close() };
  }

  /** Its names, at most so many. */
  names(most: number): string[] {
    const listing = this.list();
    try {
      return listing.next(most).map(String);
    } finally {
      listing.close();
    }
  }

  /** Names of the directories in it. */
  directories(): string[] {
    const entries = this.#read('', () => readdirSync(this.#prefix, { withFileTypes: true }));
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  }

  /** Links not followed; undefined when absent. */
  lstat(name: Name): Stats | undefined {
    return this.#read(name, () => lstatSync(this.#pathOf(name), WITHOUT_THROWING));
  }

  /** As `lstat`, exact to the nanosecond. */
  lstatExact(name: Name): BigIntStats | undefined {
    return this.#read(name, () => lstatSync(this.#pathOf(name), { bigint: true, throwIfNoEntry: false }));
  }

  /** The target of a symbolic link; undefined when it is gone. */
  readLink(name: Name): string | undefined {
    return this.#read(name, () => absentAsUndefined(() => readlinkSync(this.#pathOf(name))));
  }

  /** A directory in this one; undefined when absent, a link, or another than was seen. */
  open(name: Name, seen?: FileIdentity): OpenDirectory | undefined {
    return this.#read(name, () => ifSame(OpenDirectory.#open(this.#pathOf(name)), seen));
  }

  /** The directory that this one is in; undefined when that is another than was seen, as this one was moved. */
  parent(seen: FileIdentity): OpenDirectory | undefined {
    return this.#read('..', () => ifSame(OpenDirectory.#open(`${this.#prefix}..`), seen));
  }

  /** The last `length` bytes of a regular file in it; undefined when absent, or another than was seen. */
  readEnd(name: Name, seen: BigIntStats, length: number): Buffer | undefined {
    return this.#read(name, () => absentAsUndefined(() => readEnd(this.#pathOf(name), seen, length)));
  }

  /** Whether it has the time of change that it had when it was opened. */
  isUnchanged(): boolean {
    return fstatSync(this.#descriptor).ctimeMs === this.status.ctimeMs;
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  /** What `read` returns; its errors name the path that the directory has now. */
  #read<Value>(name: Name, read: () => Value): Value {
    try {
      return read();
    } catch (error) {
      throw aboutPath(error, name.length > 0 ? `${this.#pathNow()}/${name}` : this.#pathNow());
    }
  }

  /** A path that is too long for a system call cannot be told. */
  #pathNow(): string {
    try {
      return readlinkSync(descriptorPath(this.#descriptor));
    } catch {
      return '…';
    }
  }

  #pathOf(name: Name): string | Buffer {
    return typeof name === 'string' ? this.#prefix + name : Buffer.concat([Buffer.from(this.#prefix), name]);
  }
}

function isSame(a: FileIdentity, b: FileIdentity): boolean {
  return a.ino === b.ino && a.dev === b.dev;
}

function ifSame(directory: OpenDirectory | undefined, seen: FileIdentity | undefined): OpenDirectory | undefined {
  if (!directory || !seen || isSame(directory.status, seen)) return directory;
  directory.close();
  return undefined;
}

function readEnd(path: string | Buffer, { dev, ino, size }: BigIntStats, length: number): Buffer | undefined {
  return withDescriptor(openSync(path, O_PATH | O_NOFOLLOW), (place) => {
    const status = fstatSync(place, { bigint: true });
    if (!status.isFile() || status.ino !== ino || status.dev !== dev) return undefined;
    return withDescriptor(openSync(descriptorPath(place), O_RDONLY | O_NONBLOCK | O_NOCTTY), (file) => {
      const buffer = Buffer.alloc(length);
      const position = Math.max(0, Number(size) - length);
      return buffer.subarray(0, readSync(file, buffer, 0, length, position));
    });
  });
}

function withDescriptor<Value>(descriptor: number, use: (descriptor: number) => Value): Value {
  try {
    return use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
