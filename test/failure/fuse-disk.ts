import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../exporter-process.ts';

/** Nothing is remembered by the kernel, so that every look at the disk is a question to its daemon. */
const UNCACHED = ['-o', 'attr_timeout=0', '-o', 'entry_timeout=0', '-o', 'negative_timeout=0', '-o', 'direct_io'];

/** Files are read through the page cache, whose readers wait uninterruptibly (D) as they do for a real disk. */
export const PAGE_CACHED: readonly string[] = [];

/** A real file system that hangs when it is told to: a directory shown at a mount point by a daemon of our own. */
export class FuseDisk {
  /** What is on the disk, reached without it. */
  readonly source = mkdtempSync(join(tmpdir(), 'foreshock-disk-'));
  readonly mountPoint: string;
  readonly #options: readonly string[];
  #daemon: ChildProcess | undefined;

  constructor(mountPoint: string, options: readonly string[] = UNCACHED) {
    this.mountPoint = mountPoint;
    this.#options = options;
  }

  async mount(): Promise<void> {
    mkdirSync(this.mountPoint, { recursive: true });
    this.#daemon = spawn('bindfs', ['-f', ...this.#options, this.source, this.mountPoint], { stdio: 'inherit' });
    await until(async () => this.#isMounted(), Boolean, 20);
  }

  /** From now on everything that looks at the disk waits in the kernel. */
  hang(): void {
    this.#daemon?.kill('SIGSTOP');
  }

  resume(): void {
    this.#daemon?.kill('SIGCONT');
  }

  /** Whatever state it is in, nothing of it is left. */
  async remove(): Promise<void> {
    this.resume();
    if (this.#isMounted()) spawnSync('umount', ['--lazy', this.mountPoint], { stdio: 'inherit' });
    const daemon = this.#daemon;
    if (daemon?.exitCode === null && daemon.signalCode === null) {
      daemon.kill('SIGKILL');
      await once(daemon, 'exit');
    }
    rmSync(this.source, { recursive: true });
  }

  #isMounted(): boolean {
    return readFileSync('/proc/self/mountinfo', 'utf8').includes(` ${this.mountPoint} `);
  }
}
