/** One file of a container's log: the one being written, or one that rotation put aside. */
export interface LogFile {
  readonly name: string;
  /** Device and inode. */
  readonly inode: string;
  /** Bytes of log in it, uncompressed. */
  readonly size: number;
  /** Nanoseconds since 1970. */
  readonly created: bigint;
  readonly changed: bigint;
  /** Whether the runtime writes to it. */
  readonly active: boolean;
  readonly compressed: boolean;
}

/** What is remembered of a log: its files as they were counted. */
export type CountedLog = readonly LogFile[];

/** A gzip file tells its uncompressed size modulo this. */
const ISIZE = 2 ** 32;

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
 */
export function writtenBytes(before: CountedLog, now: CountedLog, since: bigint | undefined): number {
  const isSame = fileMatcher(before, now);
  const current = (earlier: LogFile) => now.find((file) => isSame(earlier, file));
  const active = before.find((file) => file.active);
  const activeNow = active && current(active);
  const copied = activeNow && activeNow.size < active.size ? active : undefined;
  const origins = before.filter((file) => !file.compressed && (file === copied || !current(file))).sort(largestFirst);
  let written = 0;
  for (const file of oldestFirst(now)) {
    const counted = before.find((earlier) => isSame(earlier, file));
    if (counted) {
      // Shorter than it was: truncated, and all that is in it is new.
      written += file.size >= counted.size ? file.size - counted.size : file.size;
      continue;
    }
    const index = origins.findIndex(
      (origin) => !file.active && (file.compressed || origin === copied) && sizeIn(file, origin) <= file.size,
    );
    const [origin] = index === -1 ? [] : origins.splice(index, 1);
    // Copytruncate may be about to truncate: what is in the copy is still in the active file.
    const isCopy = !file.active && !file.compressed && activeNow?.active && file.size <= activeNow.size;
    if (origin) written += file.size - sizeIn(file, origin);
    else if (since !== undefined && file.created >= since && !isCopy) written += file.size;
  }
  return written;
}

/** The size of `origin` as a new file that holds it tells it. */
function sizeIn(file: LogFile, origin: LogFile): number {
  return file.compressed ? origin.size % ISIZE : origin.size;
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

/** Of the same size, the active one last: it is the only one that can be in an uncompressed copy. */
function largestFirst(a: LogFile, b: LogFile): number {
  return b.size - a.size || Number(a.active) - Number(b.active);
}
