import type { Tree } from './tree.ts';

/**
 * The longest configuration of a daemon that is read: what is in it can be handed to every run with the inventory. That of
 * containerd with all defaults has 8 KiB.
 */
export const MAX_DAEMON_FILE_BYTES = 512 * 1024;

/** What `parse` makes of a daemon's file, undefined when absent. Errors have the file's name; what else is up to `parse`. */
export function loadConfiguration<Value>(files: Tree, path: string, parse: (text: string) => Value): Value | undefined {
  try {
    const text = files.readUntrustedIfPresent(path, MAX_DAEMON_FILE_BYTES);
    return text === undefined ? undefined : parse(text);
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`);
  }
}
