/** Files with several names that are remembered: a container can make as many as it likes. */
const MAX_REMEMBERED = 10_000;

/** Counts a file with several names once, as du(1) does. */
export class HardLinks {
  /** How many names are still to come, by inode. */
  readonly #left = new Map<number, number>();
  #isFull = false;

  /**
   * The part of a file that one more of its `links` names stands for: all for the first, nothing for the others. Beyond
   * what is remembered each name stands for an equal part: the sum is right, or too small when names lie elsewhere.
   */
  share(inode: number, links: number): number {
    const left = this.#left.get(inode);
    if (left === undefined) {
      this.#isFull ||= this.#left.size === MAX_REMEMBERED;
      if (this.#isFull) return 1 / links;
      this.#left.set(inode, links - 1);
      return 1;
    }
    if (left > 1) this.#left.set(inode, left - 1);
    else this.#left.delete(inode);
    return 0;
  }
}
