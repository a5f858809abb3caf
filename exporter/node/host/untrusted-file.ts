import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { aboutPath, descriptorPath, openPlace } from './place.ts';

/**
 * The longest configuration that is read: arguments and environment of a container can take 2 MiB (execve(2), a quarter of
 * the stack's limit), and escaping in JSON makes them longer.
 */
export const MAX_CONFIGURATION_BYTES = 4 * 1024 ** 2;

/** Why a file that is there is not read. */
export class FileRefused extends Error {
  override readonly name = 'FileRefused';
  readonly reason: 'not_regular' | 'too_large' | 'not_own';

  constructor(reason: FileRefused['reason'], maxBytes: number) {
    const messages = {
      not_regular: 'not a regular file',
      too_large: `larger than ${maxBytes} bytes`,
      not_own: 'another user than root and the one who runs this can write it',
    };
    super(messages[reason]);
    this.reason = reason;
  }
}

/**
 * The text of a file below `base` that somebody else named or wrote: by a command line, a label or a configuration. It is
 * opened once, its links are followed below `base` only, and whoever swaps directories and links meanwhile gains nothing, as each
 * part of the path is opened below the one before. Only a regular file is opened, without waiting (FIFO, lease), and never
 * more than `maxBytes` and one are read, whatever its size says.
 *
 * Throws `FileRefused`, and as open(2) does for what is absent or forbidden. No error has the file's content in it.
 */
export function readUntrusted(base: string, path: string, maxBytes = MAX_CONFIGURATION_BYTES): string {
  const place = openPlace(base, path);
  try {
    // What is behind a descriptor cannot be swapped any more.
    refuseUnless(fstatSync(place), maxBytes);
    const descriptor = openSync(descriptorPath(place), constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    try {
      return readBounded(descriptor, maxBytes).toString('utf8');
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw aboutPath(error, `${base}/${path.replace(/^\/+/, '')}`);
  } finally {
    closeSync(place);
  }
}

/**
 * The text of a file that the user of the exporter named, such as a token: its links are followed, but it too must be a
 * regular file of at most `maxBytes`, and with `mustBeOwn` one that no other user can write. Does not block the thread,
 * however long the disk takes.
 */
export async function readNamedByUser(
  path: string,
  maxBytes = MAX_CONFIGURATION_BYTES,
  mustBeOwn = false,
): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    const status = await file.stat();
    refuseUnless(status, maxBytes);
    if (mustBeOwn && !isOwn(status)) throw new FileRefused('not_own', maxBytes);
    return (await readFileBounded(file, maxBytes)).toString('utf8');
  } finally {
    await file.close();
  }
}

function refuseUnless(status: { isFile(): boolean; size: number }, maxBytes: number): void {
  if (!status.isFile()) throw new FileRefused('not_regular', maxBytes);
  if (status.size > maxBytes) throw new FileRefused('too_large', maxBytes);
}

/** Whether only root and the user of this process can write a file. */
function isOwn({ uid, mode }: { uid: number; mode: number }): boolean {
  return (uid === 0 || uid === process.geteuid?.()) && (mode & (constants.S_IWGRP | constants.S_IWOTH)) === 0;
}

const CHUNK_BYTES = 65_536;

/** Files of /proc have the size 0, others may grow meanwhile: what counts is what is read. */
function readBounded(descriptor: number, maxBytes: number): Buffer {
  const chunks: Buffer[] = [];
  for (let total = 0; ; ) {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, maxBytes + 1 - total));
    const read = readSync(descriptor, chunk, 0, chunk.length, null);
    if (read === 0) return Buffer.concat(chunks);
    total += read;
    if (total > maxBytes) throw new FileRefused('too_large', maxBytes);
    chunks.push(chunk.subarray(0, read));
  }
}

/** As `readBounded`. */
async function readFileBounded(file: FileHandle, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for (let total = 0; ; ) {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, maxBytes + 1 - total));
    const { bytesRead } = await file.read(chunk, 0, chunk.length, null);
    if (bytesRead === 0) return Buffer.concat(chunks);
    total += bytesRead;
    if (total > maxBytes) throw new FileRefused('too_large', maxBytes);
    chunks.push(chunk.subarray(0, bytesRead));
  }
}
