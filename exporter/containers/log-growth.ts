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
  let written = 0;
  const moved = movedBytes(before, now);
  for (const file of oldestFirst(now)) {
    const counted = before.find((earlier) => isSame(earlier, file));
    if (counted) {
      // Shorter than it was: truncated, and all that is in it is new.
      written += file.size >= counted.size ? file.size - counted.size : file.size;
      continue;
    }
    const original = before.find(({ name }) => `${name}.gz` === file.name && !now.some((other) => other.name === name));
    if (original && file.compressed && !original.active) {
      written += Math.max(0, file.size - original.size);
    } else if (
      moved.bytes !== undefined &&
      !file.active &&
      (file.compressed || moved.byCopy) &&
      file.size >= moved.bytes
    ) {
      written += file.size - moved.bytes;
      moved.bytes = undefined;
    } else if (since !== undefined && file.created >= since) {
      written += file.size;
    }
  }
  return written;
}

/**
 * The bytes counted in the active file when they are not in it any more: a copy holds them when it was truncated, a
 * compressed file when it is gone altogether.
 */
function movedBytes(before: CountedLog, now: CountedLog): { bytes: number | undefined; byCopy: boolean } {
  const active = before.find((file) => file.active);
  if (!active) return { bytes: undefined, byCopy: false };
  const same = now.find((file) => isSame(active, file));
  const byCopy = same !== undefined && same.size < active.size;
  return { bytes: byCopy || !same ? active.size : undefined, byCopy };
}

/**
 * Where the file system has no times of creation, libuv puts the time of the last change there: then the inode number
 * alone has to do, and a file that took over a number is told by its smaller size.
 */
function isSame(earlier: LogFile, now: LogFile): boolean {
  return earlier.inode === now.inode && (earlier.created === now.created || now.created === now.changed);
}

function oldestFirst(files: CountedLog): LogFile[] {
  return [...files].sort((a, b) => (a.created < b.created ? -1 : a.created > b.created ? 1 : 0));
}
