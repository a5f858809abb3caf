import { isAbsence, type Tree } from '../host.ts';

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

/** Size of a directory itself, in bytes, from which on its names are not read at once; some 100,000 names. */
const HUGE_DIRECTORY = 4 * 1024 ** 2;

interface OpenDirectory {
  readonly path: string;
  /** Whether each character of the path is a byte: below a name that is not UTF-8. */
  readonly isBytes: boolean;
  readonly depth: number;
  readonly size: number;
  /** The directories told apart that this one is in. */
  readonly within: readonly { path: string; bytes: number }[];
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
  const open: OpenDirectory[] = [{ path: '', isBytes: false, depth: 0, size: top.size, within: [] }];
  for (let directory = open.pop(); directory; directory = open.pop()) {
    let entries = 0;
    const { names, isBytes, ...listed } = listDirectory(tree, directory, fault);
    for (const name of names) {
      entries += 1;
      const path = `${listed.path}/${name}`;
      const entry = tryLstat(tree, path, isBytes, fault);
      if (!entry || entry.dev !== top.dev) continue;
      const isDirectory = entry.isDirectory();
      if (!isDirectory && entry.nlink > 1 && isFurtherLink(linksLeft, entry.ino, entry.nlink)) continue;
      const allocated = entry.blocks * 512;
      bytes += allocated;
      inodes += 1;
      for (const outer of directory.within) outer.bytes += allocated;
      if (!isDirectory) continue;
      const own = directory.depth < depth ? { path: shown(path, isBytes), bytes: allocated } : undefined;
      if (own) directories.push(own);
      const within = own ? [...directory.within, own] : directory.within;
      open.push({ path, isBytes, depth: directory.depth + 1, size: entry.size, within });
    }
    pace(entries, shown(listed.path, isBytes));
  }
  return { bytes, inodes, directories };
}

/** Whether another link to the same file was counted already; remembers only files with links yet to come. */
function isFurtherLink(linksLeft: Map<number, number>, inode: number, links: number): boolean {
  const left = linksLeft.get(inode);
  if (left === undefined) linksLeft.set(inode, links - 1);
  else if (left > 1) linksLeft.set(inode, left - 1);
  else linksLeft.delete(inode);
  return left !== undefined;
}

interface Listing {
  /** The directory's path, by bytes when its names are. */
  readonly path: string;
  readonly isBytes: boolean;
  readonly names: Iterable<string>;
}

/** The names in a directory; where one is not UTF-8, each byte of it and all below is a character. */
function listDirectory(tree: Tree, { path, isBytes, size }: OpenDirectory, fault: WalkOptions['fault']): Listing {
  try {
    if (!isBytes && size < HUGE_DIRECTORY) {
      const names = tree.list(path);
      if (!names.some((name) => name.includes('\uFFFD'))) return { path, isBytes, names };
    }
    const bytes = isBytes ? path : Buffer.from(path).toString('latin1');
    const names = size < HUGE_DIRECTORY ? tree.listBytes(bytes) : tree.streamBytes(bytes);
    return { path: bytes, isBytes: true, names };
  } catch (error) {
    if (!isAbsence(error)) fault(shown(path, isBytes), error);
    return { path, isBytes, names: [] };
  }
}

function tryLstat(tree: Tree, path: string, isBytes: boolean, fault: WalkOptions['fault']) {
  try {
    return isBytes ? tree.lstatBytes(path) : tree.lstat(path);
  } catch (error) {
    if (!isAbsence(error)) fault(shown(path, isBytes), error);
    return undefined;
  }
}

/** A path as people read it. */
function shown(path: string, isBytes: boolean): string {
  return isBytes ? Buffer.from(path, 'latin1').toString() : path;
}

/** The largest directories, none when the layer is smaller than `minimum` bytes. */
export function largestDirectories(usage: LayerUsage, most: number, minimum: number): DirectoryUsage[] {
  if (usage.bytes < minimum) return [];
  return [...usage.directories].sort((a, b) => b.bytes - a.bytes).slice(0, most);
}
