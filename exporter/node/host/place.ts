import { closeSync, constants, fstatSync, openSync, readlinkSync, statSync } from 'node:fs';

/** Directories and links on the way to a file. The kernel follows 40 links, too (path_resolution(7)). */
const MAX_DEPTH = 64;
const MAX_LINKS = 40;

/**
 * Names a file without opening it, so that no device notices (open(2)). Node.js has no constant for it; the value is that
 * of include/uapi/asm-generic/fcntl.h.
 */
export const O_PATH = 0o10000000;

/** The path by which this process reaches what a descriptor names. */
export function descriptorPath(descriptor: number): string {
  return `/proc/self/fd/${descriptor}`;
}

/**
 * A descriptor that names what is at `path` below the directory `base`. Links are followed as by a process whose root
 * directory is `base`, and whoever swaps directories and links meanwhile gains nothing, as each part of the path is opened
 * below the one before. Throws as open(2) does, and where /proc is not that of this process. The caller closes it.
 */
export function openPlace(base: string, path: string): number {
  // From `base` to where the path has got to.
  const opened = [openBase(base || '/')];
  const here = () => opened.at(-1) ?? -1;
  let links = 0;
  try {
    const pending = path.split('/').reverse();
    for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
      if (part === '' || part === '.') continue;
      if (part === '..') {
        if (opened.length > 1) closeSync(opened.pop() ?? -1);
        continue;
      }
      const entry = `${descriptorPath(here())}/${part}`;
      const descriptor = openSync(entry, O_PATH | constants.O_NOFOLLOW);
      if (!fstatSync(descriptor).isSymbolicLink()) {
        if (opened.push(descriptor) > MAX_DEPTH) throw new Error(`ENAMETOOLONG: more than ${MAX_DEPTH} directories`);
        continue;
      }
      closeSync(descriptor);
      links += 1;
      if (links > MAX_LINKS) throw new Error(`ELOOP: too many symbolic links in ${path}`);
      const target = readlinkSync(entry);
      if (target.startsWith('/')) for (const left of opened.splice(1)) closeSync(left);
      pending.push(...target.split('/').reverse());
    }
    return opened.pop() ?? -1;
  } catch (error) {
    throw aboutPath(error, `${base}/${path.replace(/^\/+/, '')}`);
  } finally {
    for (const descriptor of opened) closeSync(descriptor);
  }
}

function openBase(base: string): number {
  const descriptor = openSync(base, O_PATH | constants.O_DIRECTORY);
  const opened = fstatSync(descriptor);
  const reached = statSync(descriptorPath(descriptor), { throwIfNoEntry: false });
  if (reached?.ino === opened.ino && reached.dev === opened.dev) return descriptor;
  closeSync(descriptor);
  throw new Error('/proc/self/fd does not show the descriptors of this process');
}

/**
 * An error of the system with the path that was asked for, where Node.js names one of descriptors: their numbers say nothing,
 * and are others each time.
 */
export function aboutPath(error: unknown, path: string): unknown {
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  if (syscall === undefined) return error;
  return Object.assign(new Error(`${message.replace(/ '.*$/s, '')} '${path}'`), { code, syscall });
}
