export interface DirectoryUsage {
  /** Path in the layer, which is the path in the container. */
  readonly path: string;
  readonly bytes: number;
}

/** The largest of many directories; remembers few of them at a time. */
export class LargestDirectories {
  readonly #most: number;
  #candidates: DirectoryUsage[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  add(directory: DirectoryUsage): void {
    if (this.#candidates.push(directory) >= 2 * this.#most + 100) this.#candidates = this.sorted();
  }

  /** The largest first. */
  sorted(): DirectoryUsage[] {
    return this.#candidates.sort((a, b) => b.bytes - a.bytes).slice(0, this.#most);
  }
}
