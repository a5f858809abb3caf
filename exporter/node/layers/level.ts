import type { Listing, Name } from '../host/listing.ts';
import type { FileIdentity, OpenDirectory } from '../host/open-directory.ts';

/** A directory in which a walk is. */
export interface Level {
  /** Undefined while the walk is far below, so that few descriptors are open at a time. */
  directory: OpenDirectory | undefined;
  readonly identity: FileIdentity;
  /** Path below the top as people read it: what is not UTF-8 is replaced by U+FFFD, the end of a long one by `…`. */
  readonly path: string;
  /** See `settledPath`. */
  settledPath: string | undefined;
  readonly depth: number;
  /** Undefined when all its names are read. */
  listing: Listing | undefined;
  /** Directories in it that were found and are yet to be entered. */
  readonly found: FoundDirectory[];
  /** Allocated bytes of the directory itself. */
  readonly ownBytes: number;
  /** Allocated bytes of what was found in it so far. */
  contentBytes: number;
}

export interface FoundDirectory {
  readonly name: Name;
  readonly ino: number;
}

const MAX_PATH_LENGTH = 1024;

export function pathBelow(path: string, name: Name): string {
  if (path.length > MAX_PATH_LENGTH) return path;
  const below = `${path}/${name.toString()}`;
  return below.length > MAX_PATH_LENGTH ? `${below.slice(0, MAX_PATH_LENGTH)}…` : below;
}
