import type { Stats } from 'node:fs';
import type { Name } from '../host/listing.ts';
import type { OpenDirectory } from '../host/open-directory.ts';
import type { Tree } from '../host/tree.ts';
import { Descent, type DescentOptions } from './descent.ts';
import { HardLinks } from './hard-links.ts';
import { type DirectoryUsage, LargestDirectories } from './largest-directories.ts';
import type { Level } from './level.ts';

/** What a layer holds, as `du -s` and `du --inodes -s` count it. */
export interface LayerUsage {
  /** Allocated bytes. */
  readonly bytes: number;
  readonly inodes: number;
  /** The largest directories down to the depth that was asked for, each with all that is below it. */
  readonly directories: readonly DirectoryUsage[];
  /** Directories whose content is not in these figures, or not all of it. */
  readonly unscanned: number;
}

export interface WalkOptions extends DescentOptions {
  /** How deep directories are told apart; 0 for none. */
  readonly depth: number;
  /** How many of those are wanted. */
  readonly directories: number;
  /** Called at the end of each directory, and within large ones, with how many entries were looked at: the place to slow down. */
  pace(entries: number, path: string): void;
}

/** Directories found before the walk enters them. Below a hundred levels few, as all levels are remembered. */
const MAX_FOUND = 256;
const MAX_FOUND_DEEP = 10;
const DEEP = 100;

/**
 * Adds up the directory tree at `path`: `st_blocks` × 512 of every entry and of the directory itself, hard links once,
 * links never followed, other file systems left out. What vanishes midway is normal. Undefined when the directory is
 * absent; throws when it cannot be read.
 *
 * A container owns the tree and may change it all the while. The walk does not leave the tree, and no number, depth or
 * names of directories make it take more memory or descriptors than its bounds.
 */
export function walkLayer(tree: Tree, path: string, options: WalkOptions): LayerUsage | undefined {
  const top = tree.openDirectory(path);
  return top && new Walk(top, tree.resolve(path), options).run();
}

class Walk {
  readonly #options: WalkOptions;
  readonly #descent: Descent;
  readonly #links = new HardLinks();
  readonly #largest: LargestDirectories;
  readonly #device: number;
  #bytes: number;
  #inodes = 1;

  constructor(top: OpenDirectory, path: string, options: WalkOptions) {
    this.#options = options;
    this.#largest = new LargestDirectories(options.directories);
    this.#device = top.status.dev;
    this.#bytes = top.status.blocks * 512;
    this.#descent = new Descent(top, path, options);
  }

  run(): LayerUsage {
    try {
      for (let level = this.#descent.current; level; level = this.#descent.current) this.#step(level);
    } finally {
      this.#descent.close();
    }
    return {
      bytes: Math.round(this.#bytes),
      inodes: Math.round(this.#inodes),
      directories: this.#largest.sorted(),
      unscanned: this.#descent.unscanned,
    };
  }

  #step(level: Level): void {
    const most = level.depth < DEEP ? MAX_FOUND : MAX_FOUND_DEEP;
    if (level.listing && level.found.length < most) {
      this.#scan(level, most);
      return;
    }
    this.#descent.breakOff(level);
    const found = level.found.pop();
    if (found) this.#descent.enter(level, found);
    else for (const left of this.#descent.leave()) this.#addToParent(left);
  }

  #scan(level: Level, most: number): void {
    const names = this.#descent.nextNames(level, most);
    const entries = this.#descent.lstatAll(level, names);
    for (const [index, name] of names.entries()) this.#count(level, name, entries[index]);
    this.#options.pace(names.length, level.path);
  }

  #count(level: Level, name: Name, entry: Stats | undefined): void {
    if (!entry || entry.dev !== this.#device) return;
    const isDirectory = entry.isDirectory();
    const share = isDirectory || entry.nlink === 1 ? 1 : this.#links.share(entry.ino, entry.nlink);
    const allocated = entry.blocks * 512 * share;
    this.#bytes += allocated;
    this.#inodes += share;
    level.contentBytes += allocated;
    if (isDirectory) level.found.push({ name, ino: entry.ino });
  }

  /** A directory's own bytes were counted where it was found. */
  #addToParent({ depth, path, ownBytes, contentBytes }: Level): void {
    const parent = this.#descent.current;
    if (!parent) return;
    parent.contentBytes += contentBytes;
    if (depth <= this.#options.depth) this.#largest.add({ path, bytes: ownBytes + contentBytes });
  }
}
