import type { BigIntStats } from 'node:fs';
import type { OpenDirectory } from '../host/open-directory.ts';

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

/** A file of a log, with the bytes it takes on the disk. */
export interface LogFileUsage extends LogFile {
  readonly allocated: number;
}

/** deflate makes at most so many bytes of one (zlib.net/zlib_tech.html, "Maximum Compression Factor"). */
const MAX_COMPRESSION = 1032;

/** Bytes that a file system may keep beside the blocks of a file, or has yet to allocate. */
const MAX_UNALLOCATED = 4096;

/** The file `name` of a log whose active one has the name `active`. Undefined when rotation took it away. */
export function logFile(
  directory: OpenDirectory,
  name: string,
  status: BigIntStats,
  active: string,
): LogFileUsage | undefined {
  const compressed = name.endsWith('.gz');
  const allocated = Number(status.blocks) * 512;
  const stored = Number(status.size);
  const claimed = compressed ? uncompressedSize(directory, name, status) : stored;
  if (claimed === undefined) return undefined;
  // Sizes are claims: a file may have holes, and a compressed one say what it likes. The disk holds no more than this.
  const most = Math.min(stored, allocated + MAX_UNALLOCATED) * MAX_COMPRESSION;
  return {
    name,
    inode: `${status.dev}:${status.ino}`,
    size: Math.min(claimed, most),
    created: status.birthtimeNs,
    changed: status.ctimeNs,
    active: name === active,
    compressed,
    allocated,
  };
}

/** The last four bytes of a gzip file are its uncompressed size modulo 2^32 (RFC 1952, ISIZE). */
function uncompressedSize(directory: OpenDirectory, name: string, status: BigIntStats): number | undefined {
  const end = directory.readEnd(name, status, 4);
  if (end === undefined) return undefined;
  return end.length === 4 ? end.readUInt32LE() : 0;
}
