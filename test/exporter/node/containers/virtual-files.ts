/** A file of a file system without a disk. */
export interface Inode {
  readonly number: number;
  readonly created: bigint;
  changed: bigint;
  size: number;
  /** Bytes in it that no look has seen. */
  unseen: number;
}

/** The resolution of a file system's times, in nanoseconds. */
const TICK = 4_000_000n;

/** The files of a directory: names, inodes whose numbers are used again, times. */
export class VirtualFiles {
  /** In nanoseconds. */
  now = 0n;
  readonly #inodes = new Map<string, Inode>();
  readonly #free: number[] = [];
  #lastNumber = 0;

  wait(ticks: number): void {
    this.now += TICK * BigInt(ticks);
  }

  get(name: string): Inode | undefined {
    return this.#inodes.get(name);
  }

  /** A file that must be there. */
  at(name: string): Inode {
    const inode = this.#inodes.get(name);
    if (!inode) throw new Error(`no file ${name}`);
    return inode;
  }

  entries(): [name: string, inode: Inode][] {
    return [...this.#inodes];
  }

  /** An empty file, with the freed inode number at `pick` or the next one. */
  create(name: string, pick: number): Inode {
    const [number = ++this.#lastNumber] = this.#free.splice(pick % (this.#free.length + 1), 1);
    const inode = { number, created: this.now, changed: this.now, size: 0, unseen: 0 };
    this.#inodes.set(name, inode);
    return inode;
  }

  rename(from: string, to: string): void {
    const inode = this.#inodes.get(from);
    if (!inode) return;
    inode.changed = this.now;
    this.#inodes.delete(from);
    this.#inodes.set(to, inode);
  }

  remove(name: string): Inode | undefined {
    const inode = this.#inodes.get(name);
    if (!inode) return undefined;
    this.#inodes.delete(name);
    this.#free.push(inode.number);
    this.#free.sort((a, b) => a - b);
    return inode;
  }
}
