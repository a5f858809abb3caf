import type { LogFile } from './log-file.ts';
import { Origins, sizeIn } from './log-origins.ts';

/** What is remembered of a log: its files as they were counted. */
export type CountedLog = readonly LogFile[];

/**
 * Bytes that were written to a log between two looks at its files. Never negative, and no byte twice; what was
 * written and deleted between the looks is missed.
 *
 * `since` is when the last look began, in nanoseconds, undefined for the very first: a file that is older and was not
 * seen then came from elsewhere, and what is in it is not counted.
 *
 * Rotation by rename keeps the inode, and an inode number that is used again has another time of creation. After
 * truncation the file is shorter. Copytruncate and compression move counted bytes into a new file: that one counts
 * for what it has beyond them.
 *
 * Each file is in `before` and in `now` once. Takes time in proportion to their number.
 */
export function writtenBytes(before: CountedLog, now: CountedLog, since: bigint | undefined): number {
  const isSame = fileMatcher(before, now);
  const earlier = new Map(before.map((file) => [file.inode, file]));
  const current = new Map(now.map((file) => [file.inode, file]));
  const find = (file: LogFile) => {
    const found = current.get(file.inode);
    return found && isSame(file, found) ? found : undefined;
  };
  const active = before.find((file) => file.active);
  const activeNow = active && find(active);
  const copied = activeNow && activeNow.size < active.size ? active : undefined;
  const origins = new Origins(
    before.filter((file) => !file.compressed && (file === copied || !find(file))),
    copied,
  );
  let written = 0;
  for (const file of oldestFirst(now)) {
    const counted = earlier.get(file.inode);
    if (counted && isSame(counted, file)) {
      // Shorter than it was: truncated, and all that is in it is new.
      written += file.size >= counted.size ? file.size - counted.size : file.size;
      continue;
    }
    const origin = origins.take(file);
    // Copytruncate may be about to truncate: what is in the copy is still in the active file.
    const isCopy = !file.active && !file.compressed && activeNow?.active && file.size <= activeNow.size;
    if (origin) written += file.size - sizeIn(file, origin);
    else if (since !== undefined && file.created >= since && !isCopy) written += file.size;
  }
  return written;
}

/**
 * Tells whether a file is one that was seen before. Where the file system has no times of creation, libuv puts the
 * time of the last change there: then the inode number alone has to do. A file that rotation put aside does not grow:
 * with another size it has taken over a number, or is a copy in the making.
 */
function fileMatcher(before: CountedLog, now: CountedLog): (earlier: LogFile, file: LogFile) => boolean {
  const timeless = [...before, ...now].every(({ created, changed }) => created === changed);
  const hadActive = before.some(({ active }) => active);
  return (earlier, file) =>
    earlier.inode === file.inode &&
    (timeless || earlier.created === file.created) &&
    (earlier.active || earlier.size === file.size || (!hadActive && earlier.name === file.name));
}

function oldestFirst(files: CountedLog): LogFile[] {
  return [...files].sort((a, b) => (a.created < b.created ? -1 : a.created > b.created ? 1 : 0));
}
