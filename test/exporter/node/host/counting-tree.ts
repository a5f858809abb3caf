import { Host } from '../../../../exporter/node/host/host.ts';
import type { OpenDirectory } from '../../../../exporter/node/host/open-directory.ts';
import { Tree } from '../../../../exporter/node/host/tree.ts';

/** What was asked of a tree, in order. */
export interface Asked {
  readonly reads: string[];
  readonly lists: string[];
}

/** The host below `root`, and what is read and listed of its root file system and of /proc. */
export function countingHost(root: string): { host: Host; asked: Asked } {
  const asked: Asked = { reads: [], lists: [] };
  const paths = { procfs: `${root}/proc`, sysfs: `${root}/sys`, rootfs: root };
  const host = Object.assign(new Host(paths), {
    procfs: new CountingTree(paths.procfs, asked),
    rootfs: new CountingTree(paths.rootfs, asked),
  });
  return { host, asked };
}

class CountingTree extends Tree {
  readonly #asked: Asked;

  constructor(base: string, asked: Asked) {
    super(base);
    this.#asked = asked;
  }

  override read(path: string): string {
    this.#asked.reads.push(path);
    return super.read(path);
  }

  override readUntrusted(path: string, maxBytes?: number): string {
    this.#asked.reads.push(path);
    return super.readUntrusted(path, maxBytes);
  }

  override list(path = ''): string[] {
    this.#asked.lists.push(path);
    return super.list(path);
  }

  override openDirectory(path: string): OpenDirectory | undefined {
    this.#asked.lists.push(path);
    return super.openDirectory(path);
  }

  override subtree(path: string): Tree {
    this.#asked.lists.push(path);
    return super.subtree(path);
  }
}
