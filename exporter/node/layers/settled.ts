import { lstatSync, type Stats, statSync } from 'node:fs';
import type { Name } from '../host/listing.ts';
import type { OpenDirectory } from '../host/open-directory.ts';
import type { Level } from './level.ts';

/**
 * A look by descriptor takes some 0.7 µs longer than one by path, a fifth of a whole walk. By path is as safe as long as
 * nobody renames a directory on it, and the kernel tells: rename(2) changes the directory in which it renames, and so its
 * time of change, which nobody can set. That time is as coarse as a tick of the kernel or, in old file systems, two
 * seconds, so it tells only of a directory that had not been changed for longer than that when it was opened.
 */
const SETTLED_SECONDS = 3;

/** With fewer names a look at each directory on the path costs more than is saved. */
const MIN_NAMES_PER_LEVEL = 8;

/** A path must fit into a system call with a name behind it (PATH_MAX, limits.h). */
const MAX_LENGTH = 3800;

/** The path of the top, with a slash behind it, when it is settled: what it is in belongs to the runtime. */
export function settledTop(path: string, top: OpenDirectory, unixTime: number): string | undefined {
  const reached = statSync(path, { throwIfNoEntry: false });
  const isTop = reached?.ino === top.status.ino && reached.dev === top.status.dev;
  return isTop ? settledPath(path, '', top, unixTime) : undefined;
}

/** The same of a directory just opened, when it is settled and all that it is in is; `above` is the one that it is in. */
export function settledPath(
  above: string | undefined,
  name: Name,
  { status }: OpenDirectory,
  unixTime: number,
): string | undefined {
  if (above === undefined || typeof name !== 'string' || above.length > MAX_LENGTH) return undefined;
  return unixTime - status.ctimeMs / 1000 >= SETTLED_SECONDS ? `${above}${name}/` : undefined;
}

/**
 * What is known of entries of the last of these directories, each in the one before it; undefined when that must be found
 * out by descriptor.
 */
export function lstatByPath(levels: readonly Level[], names: readonly Name[]): (Stats | undefined)[] | undefined {
  const path = levels.at(-1)?.settledPath;
  if (path === undefined || names.length < levels.length * MIN_NAMES_PER_LEVEL) return undefined;
  const entries = tryLstat(path, names);
  const changed = levels.findIndex(({ directory }) => !directory?.isUnchanged());
  if (changed === -1) return entries;
  for (const level of levels.slice(changed)) level.settledPath = undefined;
  return undefined;
}

function tryLstat(path: string, names: readonly Name[]): (Stats | undefined)[] | undefined {
  if (names.some((name) => typeof name !== 'string')) return undefined;
  try {
    return names.map((name) => lstatSync(`${path}${name}`, { throwIfNoEntry: false }));
  } catch {
    // By descriptor it is seen which of them it is.
    return undefined;
  }
}
