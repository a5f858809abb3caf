import { isAbsence } from '../host/absence.ts';
import type { Tree } from '../host/tree.ts';

/** What a layer holds, as `du -s` and `du --inodes -s` count it. */
export interface LayerUsage {
  /** Allocated bytes. */
  readonly bytes: number;
  readonly inodes: number;
  /** Directories down to the depth that was asked for, each with all that is below it. */
  readonly directories: readonly DirectoryUsage[];
}

export interface DirectoryUsage {
  /** Path in the layer, which is the path in the container. */
  readonly path: string;
  readonly bytes: number;
}

export interface WalkOptions {
  /** How deep directories are told apart; 0 for none. */
  readonly depth: number;
  /** Called after each directory with how many entries it had: the place to slow down. */
  pace(entries: number, path: string): void;
  /** An entry that cannot be read; it is left out. */
  fault(path: string, error: unknown): void;
}

/** Size of a directory itself, in bytes, from which on its names are not read at once; some 25,000 names. */
const HUGE_DIRECTORY = 1024 ** 2;

/** Directories told apart and files with further links remembered: a container can make as many as it likes. */
const MAX_REMEMBERED = 10_000;

/** A directory in which the walk is. Only those on the way down are kept, so memory grows with depth alone. */
interface OpenDirectory {
  /** Path below the layer, by bytes when `isBytes`. */
  readonly path: string;
  /** Whether each character of the path is a byte: below a name that is not UTF-8. */
  readonly isBytes: boolean;
  readonly depth: number;
  /** The directories told apart that this one is in. */
  readonly within: readonly { path: string; bytes: number }[];
  readonly names: Iterator<string>;
  entries: number;
}

/**
 * Adds up a directory tree: `st_blocks` × 512 of every entry and of the directory itself, hard links once, links never
 * followed, other file systems left out. What vanishes midway is normal.
 */
export function walkLayer(tree: Tree, { depth, pace, fault }: WalkOptions): LayerUsage {
  const top = tree.lstat();
  if (!top) return { bytes: 0, inodes: 0, directories: [] };
  let bytes = top.blocks * 512;
  let inodes = 1;
  const directories: { path: string; bytes: number }[] = [];
  const linksLeft = new Map<number, number>();
  const open = [openDirectory(tree, { path: '', isBytes: false, depth: 0, within: [] }, top.size, fault)];
  try {
    for (let directory = open.at(-1); directory; directory = open.at(-1)) {
      const { value: name, done } = directory.names.next();
      if (done) {
        open.pop();
        pace(directory.entries, displayPath(directory));
        continue;
      }
      directory.entries += 1;
      const child = { path: `${directory.path}/${name}`, isBytes: directory.isBytes };
      const entry = tryLstat(tree, child, fault);
      if (!entry || entry.dev !== top.dev) continue;
      const isDirectory = entry.isDirectory();
      if (!isDirectory && entry.nlink > 1 && isFurtherLink(linksLeft, entry.ino, entry.nlink)) continue;
      const allocated = entry.blocks * 512;
      bytes += allocated;
      inodes += 1;
      for (const outer of directory.within) outer.bytes += allocated;
      if (!isDirectory) continue;
      const isToldApart = directory.depth < depth && directories.length < MAX_REMEMBERED;
      const own = isToldApart ? [{ path: displayPath(child), bytes: allocated }] : [];
      directories.push(...own);
      const place = { ...child, depth: directory.depth + 1, within: [...directory.within, ...own] };
      open.push(openDirectory(tree, place, entry.size, fault));
    }
  } finally {
    for (const { names } of open) names.return?.();
  }
  return { bytes, inodes, directories };
}

/** Whether another link to the same file was counted already; remembers only files with links yet to come. */
function isFurtherLink(linksLeft: Map<number, number>, inode: number, links: number): boolean {
  const left = linksLeft.get(inode);
  if (left === undefined) {
    if (linksLeft.size < MAX_REMEMBERED) linksLeft.set(inode, links - 1);
  } else if (left > 1) linksLeft.set(inode, left - 1);
  else linksLeft.delete(inode);
  return left !== undefined;
}

type Place = Pick<OpenDirectory, 'path' | 'isBytes' | 'depth' | 'within'>;

/** Where one of the names in a directory is not UTF-8, its path, and all below it, goes on by bytes. */
function openDirectory(tree: Tree, place: Place, size: number, fault: WalkOptions['fault']): OpenDirectory {
  const { path, isBytes } = place;
  try {
    if (!isBytes && size < HUGE_DIRECTORY) {
      const names = tree.list(path);
      if (!names.some((name) => name.includes('\uFFFD'))) return { ...place, names: names.values(), entries: 0 };
    }
    const bytes = isBytes ? path : Buffer.from(path).toString('latin1');
    const names = size < HUGE_DIRECTORY ? tree.listBytes(bytes).values() : tree.streamBytes(bytes);
    return { ...place, path: bytes, isBytes: true, names, entries: 0 };
  } catch (error) {
    if (!isAbsence(error)) fault(displayPath(place), error);
    return { ...place, names: [].values(), entries: 0 };
  }
}

function tryLstat(tree: Tree, place: Pick<Place, 'path' | 'isBytes'>, fault: WalkOptions['fault']) {
  try {
    return place.isBytes ? tree.lstatBytes(place.path) : tree.lstat(place.path);
  } catch (error) {
    if (!isAbsence(error)) fault(displayPath(place), error);
    return undefined;
  }
}

/** A path as people read it. */
function displayPath({ path, isBytes }: Pick<Place, 'path' | 'isBytes'>): string {
  return isBytes ? Buffer.from(path, 'latin1').toString() : path;
}

/** The largest directories, none when the layer is smaller than `minimum` bytes. */
export function largestDirectories(usage: LayerUsage, most: number, minimum: number): DirectoryUsage[] {
  if (usage.bytes < minimum) return [];
  return [...usage.directories].sort((a, b) => b.bytes - a.bytes).slice(0, most);
}
