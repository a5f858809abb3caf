import { Tree } from './tree.ts';

/** Where the host's file systems are mounted, as seen by this process. */
export interface HostPaths {
  readonly procfs: string;
  readonly sysfs: string;
  readonly rootfs: string;
}

/**
 * The only reader of the host. All calls are synchronous and may hang with the disk below them, so they belong into
 * a collector, which runs in a worker thread with a deadline.
 */
export class Host {
  readonly procfs: Tree;
  readonly sysfs: Tree;
  readonly rootfs: Tree;

  constructor(paths: HostPaths) {
    this.procfs = new Tree(paths.procfs);
    this.sysfs = new Tree(paths.sysfs);
    this.rootfs = new Tree(paths.rootfs);
  }

  /** The tree that holds `path` of the host: /proc and /sys may be mounted apart from the root file system. */
  locate(path: string): { tree: Tree; path: string } {
    if (path === '/proc' || path.startsWith('/proc/')) return { tree: this.procfs, path: path.slice(5) };
    if (path === '/sys' || path.startsWith('/sys/')) return { tree: this.sysfs, path: path.slice(4) };
    return { tree: this.rootfs, path };
  }
}
