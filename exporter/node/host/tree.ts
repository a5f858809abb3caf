import {
  type BigIntStats,
  closeSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  type Stats,
  type StatsFs,
  statfsSync,
  statSync,
} from 'node:fs';
import { posix } from 'node:path';
import { absentAsUndefined, isAbsence } from './absence.ts';
import { OpenDirectory } from './open-directory.ts';
import { readUntrusted } from './untrusted-file.ts';

/** An absent entry is told by undefined: an exception for each would cost a walk more than the look. */
const WITHOUT_THROWING = { throwIfNoEntry: false } as const;

/** A directory of the host and what is below it. Paths start at that directory, with or without a leading slash. */
export class Tree {
  readonly base: string;

  constructor(base: string) {
    this.base = base.replace(/\/+$/, '');
  }

  /** The path by which this process reaches `path`; symbolic links are left to the kernel. */
  local(path: string): string {
    return path.startsWith('/') ? this.base + path : `${this.base}/${path}`;
  }

  /**
   * As `local`, with symbolic links followed as the host would: an absolute link in a root file system mounted at
   * /host leads below /host, where the kernel would leave it.
   */
  resolve(path: string): string {
    if (this.base === '') return posix.normalize(`/${path}`);
    let resolved = '';
    let links = 0;
    const pending = path.split('/').reverse();
    for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
      if (part === '' || part === '.') continue;
      if (part === '..') {
        resolved = resolved.slice(0, resolved.lastIndexOf('/'));
        continue;
      }
      const candidate = `${resolved}/${part}`;
      if (!lstatSync(this.base + candidate, WITHOUT_THROWING)?.isSymbolicLink()) {
        resolved = candidate;
        continue;
      }
      links += 1;
      if (links > 40) throw new Error(`ELOOP: too many symbolic links in ${path}`);
      const target = readlinkSync(this.base + candidate);
      if (target.startsWith('/')) resolved = '';
      pending.push(...target.split('/').reverse());
    }
    return this.base + resolved;
  }

  /** The directory `path` as a tree of its own, its links followed once. */
  subtree(path: string): Tree {
    return new Tree(this.resolve(path));
  }

  /** The directory `path`, its links followed as the host would, held open; undefined when absent. The caller closes it. */
  openDirectory(path: string): OpenDirectory | undefined {
    return OpenDirectory.at(this.base, path);
  }

  /** The text of a file. No stat before the read: the sizes of /proc lie. */
  read(path: string): string {
    return readFileSync(this.local(path), 'utf8');
  }

  readIfPresent(path: string): string | undefined {
    return absentAsUndefined(() => this.read(path));
  }

  /** As the function `readUntrusted`: for a file that somebody else named or wrote. */
  readUntrusted(path: string, maxBytes?: number): string {
    return readUntrusted(this.base, path, maxBytes);
  }

  /** As `readUntrusted`, undefined when absent. */
  readUntrustedIfPresent(path: string, maxBytes?: number): string | undefined {
    return absentAsUndefined(() => this.readUntrusted(path, maxBytes));
  }

  /** Names in a directory. */
  list(path = ''): string[] {
    return readdirSync(this.local(path));
  }

  /** Names in a directory, none when it is absent. */
  listIfPresent(path = ''): string[] {
    return absentAsUndefined(() => this.list(path)) ?? [];
  }

  /** Names of the directories in a directory, none when it is absent; needs no stat where the kernel gives types. */
  directories(path = ''): string[] {
    const entries = absentAsUndefined(() => readdirSync(this.local(path), { withFileTypes: true })) ?? [];
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  }

  /** Links followed as the host would; undefined when absent. */
  stat(path: string): BigIntStats | undefined {
    return absentAsUndefined(() => statSync(this.resolve(path), { bigint: true }));
  }

  /** What a link of the kernel leads to, such as /proc/PID/exe, whose text is not a path of ours; undefined when absent. */
  statOfKernelLink(path: string): Stats | undefined {
    return absentAsUndefined(() => statSync(this.local(path), WITHOUT_THROWING));
  }

  /** Links not followed; undefined when absent. */
  lstat(path = ''): Stats | undefined {
    return absentAsUndefined(() => lstatSync(this.local(path), WITHOUT_THROWING));
  }

  /** The target of a symbolic link, undefined when absent. */
  readLink(path: string): string | undefined {
    return absentAsUndefined(() => readlinkSync(this.local(path)));
  }

  /** The target of what is a symbolic link; undefined for anything else, and when absent. */
  linkTarget(path: string): string | undefined {
    return this.lstat(path)?.isSymbolicLink() ? this.readLink(path) : undefined;
  }

  /** Opens a file to read it again and again; undefined when absent. The caller closes it. */
  openIfPresent(path: string): OpenFile | undefined {
    return absentAsUndefined(() => new OpenFile(openSync(this.local(path), 'r')));
  }

  /** The file system that holds `path`, in blocks and inodes (statfs(2)); undefined when absent. */
  statfs(path: string): StatsFs | undefined {
    return absentAsUndefined(() => statfsSync(this.resolve(path)));
  }
}

/** A file that is kept open, to be read again from its start, for what /proc shows changes, or in parts. */
export class OpenFile {
  readonly #descriptor: number;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  /** Reads from the start into `buffer`, returns how many bytes; 0 when the process is gone. */
  readInto(buffer: Buffer): number {
    try {
      return readSync(this.#descriptor, buffer, 0, buffer.length, 0);
    } catch (error) {
      if (isAbsence(error)) return 0;
      throw error;
    }
  }

  /** `length` bytes from `position` on, fewer at the end of the file. */
  read(position: number, length: number): Buffer {
    const buffer = Buffer.alloc(length);
    return buffer.subarray(0, readSync(this.#descriptor, buffer, 0, length, position));
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
