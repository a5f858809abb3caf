import type { LogFile } from '../../../../exporter/node/containers/log-file.ts';
import { withoutUnfinished } from '../../../../exporter/node/containers/log-files.ts';
import { VirtualFiles } from './virtual-files.ts';

/** How a log is rotated, by whom. */
export const ROTATIONS = [
  // Docker: max-file above 1, the same compressed, max-file=1 in newer versions and in older ones.
  'rename',
  'rename, compress',
  'unlink',
  'truncate',
  // logrotate.
  'copytruncate',
  'copytruncate, compress',
  'copytruncate, delaycompress',
  'kubelet',
] as const;
export type Rotation = (typeof ROTATIONS)[number];

/** What one look found, and what there was to find since the last one. */
export interface Look {
  readonly files: LogFile[];
  readonly written: number;
  /** Bytes that were removed before this look. */
  readonly lost: number;
  /** At most one rotation, and it left its traces. */
  readonly isTraceable: boolean;
}

const ACTIVE = 'c.log';

/** A container's log as it is written and rotated. It knows what was truly written. */
export class VirtualLog {
  readonly #rotation: Rotation;
  readonly #maxFiles: number;
  readonly #birthTimes: boolean;
  readonly #files = new VirtualFiles();
  #rotationNumber = 0;
  // Since the last look.
  #rotations = 0;
  #written = 0;
  #lost = 0;
  #isTruncated = false;
  #seenSize = 0;

  /** `birthTimes` says whether the file system keeps times of creation. */
  constructor(rotation: Rotation, maxFiles: number, birthTimes: boolean) {
    this.#rotation = rotation;
    this.#maxFiles = maxFiles;
    this.#birthTimes = birthTimes;
    this.#files.create(ACTIVE, 0);
  }

  /** Nanoseconds since it began. */
  get now(): bigint {
    return this.#files.now;
  }

  wait(ticks: number): void {
    this.#files.wait(ticks);
  }

  append(bytes: number, name = ACTIVE): void {
    const inode = this.#files.at(name);
    inode.size += bytes;
    inode.unseen += bytes;
    inode.changed = this.#files.now;
    this.#written += bytes;
  }

  look(): Look {
    const size = this.#files.get(ACTIVE)?.size ?? 0;
    const hasRegrown = this.#isTruncated && size >= this.#seenSize;
    const isTraceable = this.#rotations <= 1 && !hasRegrown;
    const look = { files: this.#visible(), written: this.#written, lost: this.#lost, isTraceable };
    for (const [, inode] of this.#files.entries()) inode.unseen = 0;
    this.#written = 0;
    this.#lost = 0;
    this.#isTruncated = false;
    this.#seenSize = size;
    // A compression still to come is half a rotation, which falls between the next two looks.
    this.#rotations = this.#rotation === 'rename, compress' && this.#files.get(`${ACTIVE}.1`) ? 1 : 0;
    return look;
  }

  #visible(): LogFile[] {
    const files = this.#files.entries().map(([name, { number, size, created, changed }]) => ({
      name,
      inode: `254:${number}`,
      size,
      created: this.#birthTimes ? created : changed,
      changed,
      active: name === ACTIVE,
      compressed: name.endsWith('.gz'),
    }));
    return withoutUnfinished(files);
  }

  /** Rotates once; between its steps it yields. New files take the freed inode number at `pick`, or the next one. */
  *rotate(pick: number): Generator<void> {
    this.#rotations += 1;
    this.#rotationNumber += 1;
    const last = this.#maxFiles - 1;
    const extension = this.#rotation.endsWith('compress') ? '.gz' : '';
    switch (this.#rotation) {
      case 'truncate':
        return this.#truncate();
      case 'unlink':
        this.#remove(ACTIVE);
        yield;
        return void this.#files.create(ACTIVE, pick);
      case 'rename':
      case 'rename, compress':
        yield* this.settle(pick);
        this.#remove(`${ACTIVE}.${last}${extension}`);
        this.#shift(last, extension);
        yield;
        this.#files.rename(ACTIVE, `${ACTIVE}.1`);
        yield;
        return void this.#files.create(ACTIVE, pick);
      case 'copytruncate':
      case 'copytruncate, compress':
      case 'copytruncate, delaycompress':
        if (this.#rotation === 'copytruncate, delaycompress') yield* this.#compress(`${ACTIVE}.1`, pick);
        this.#shift(last + 1, extension);
        yield* this.#copyTruncate(pick);
        if (this.#rotation === 'copytruncate, compress') yield* this.#compress(`${ACTIVE}.1`, pick);
        return this.#remove(`${ACTIVE}.${last + 1}${extension}`);
      case 'kubelet':
        return yield* this.#rotateAsKubelet(pick);
    }
  }

  /** Docker compresses in the background and is done before the next rotation. */
  *settle(pick: number): Generator<void> {
    if (this.#rotation === 'rename, compress') yield* this.#compress(`${ACTIVE}.1`, pick);
  }

  *#rotateAsKubelet(pick: number): Generator<void> {
    const rotated = this.#files
      .entries()
      .map(([name]) => name)
      .filter((name) => name !== ACTIVE)
      .sort();
    const excess = Math.max(0, rotated.length - Math.max(0, this.#maxFiles - 2));
    for (const name of rotated.splice(0, excess)) this.#remove(name);
    for (const name of rotated) if (!name.endsWith('.gz')) yield* this.#compress(name, pick);
    const name = `${ACTIVE}.20261121-${String(this.#rotationNumber).padStart(6, '0')}`;
    this.#files.rename(ACTIVE, name);
    yield;
    // Until it is told to open the log anew, the runtime writes to the file that was renamed.
    this.append(7, name);
    this.#files.create(ACTIVE, pick);
  }

  *#copyTruncate(pick: number): Generator<void> {
    const source = this.#files.at(ACTIVE);
    const copy = this.#files.create(`${ACTIVE}.1`, pick);
    copy.size = Math.floor(source.size / 2);
    yield;
    copy.size = source.size;
    yield;
    copy.unseen = source.unseen;
    source.unseen = 0;
    this.#truncate();
    yield;
  }

  *#compress(name: string, pick: number): Generator<void> {
    const source = this.#files.get(name);
    if (!source) return;
    const compressed = this.#files.create(`${name}.gz`, pick);
    compressed.size = source.size;
    yield;
    compressed.unseen = source.unseen;
    source.unseen = 0;
    this.#remove(name);
  }

  #truncate(): void {
    const inode = this.#files.at(ACTIVE);
    this.#lost += inode.unseen;
    Object.assign(inode, { size: 0, unseen: 0, changed: this.#files.now });
    this.#isTruncated = true;
  }

  #shift(last: number, extension: string): void {
    for (let index = last; index > 1; index--) {
      this.#files.rename(`${ACTIVE}.${index - 1}${extension}`, `${ACTIVE}.${index}${extension}`);
    }
  }

  #remove(name: string): void {
    this.#lost += this.#files.remove(name)?.unseen ?? 0;
  }
}
