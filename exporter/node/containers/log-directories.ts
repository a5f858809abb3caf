import type { Host } from '../host/host.ts';
import type { OpenDirectory } from '../host/open-directory.ts';

/** Roots held open: that of pods and those of Docker daemons. Links can name any number of others. */
const MAX_ROOTS = 8;

/** Opens directories of logs. Those that many of them are in, the roots, stay open until it is closed. */
export class LogDirectories {
  readonly #host: Host;
  readonly #roots = new Map<string, OpenDirectory>();

  constructor(host: Host) {
    this.#host = host;
  }

  /**
   * What `read` makes of `directory`, which is below `root`, and which may be written by others than the host: links on
   * the way to it are not followed. Undefined when it is absent.
   */
  use<Value>(root: string, directory: string, read: (directory: OpenDirectory) => Value): Value | undefined {
    const opened: OpenDirectory[] = [];
    try {
      let current = this.#roots.get(root) ?? this.#host.rootfs.openDirectory(root);
      if (!current) return undefined;
      if (this.#roots.has(root) || this.#roots.size < MAX_ROOTS) this.#roots.set(root, current);
      else opened.push(current);
      for (const part of directory.split('/').filter(Boolean)) {
        current = current.open(part);
        if (!current) return undefined;
        opened.push(current);
      }
      return read(current);
    } finally {
      for (const directory of opened) directory.close();
    }
  }

  close(): void {
    for (const root of this.#roots.values()) root.close();
    this.#roots.clear();
  }
}
