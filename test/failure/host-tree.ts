import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { collectors } from '../../exporter/node/collectors/index.ts';
import type { HostPaths } from '../../exporter/node/host/host.ts';
import { FIXTURES } from '../paths.ts';

/** The collectors that read nothing but files: others ask daemons, or look at one thing for a while. */
export const TREE_COLLECTORS = collectors.filter(({ nonBlocking }) => !nonBlocking).map(({ name }) => name);

const RECORDED = join(FIXTURES, 'host-containerd-cgroup1');

/** A copy of a recorded host, to be broken. Paths are the host's. */
export class HostTree {
  readonly base = mkdtempSync(join(tmpdir(), 'foreshock-host-'));
  readonly #changed = new Set<string>();

  constructor() {
    run('cp', '-r', `${RECORDED}/.`, this.base);
    chmodSync(this.base, 0o755);
  }

  get paths(): HostPaths {
    return { procfs: `${this.base}/proc`, sysfs: `${this.base}/sys`, rootfs: this.base };
  }

  get flags(): string[] {
    return Object.entries(this.paths).map(([name, path]) => `--path.${name}=${path}`);
  }

  /** Where this process finds a file of the host. */
  local(path: string): string {
    return join(this.base, path);
  }

  /** Writes a file, in directories that are made for it. */
  write(path: string, text: string): void {
    const made = mkdirSync(dirname(this.local(path)), { recursive: true });
    if (made) this.#changed.add(made.slice(this.base.length));
    writeFileSync(this.#toChange(path), text);
  }

  append(path: string, text: string): void {
    appendFileSync(this.#toChange(path), text);
  }

  truncate(path: string, length: number): void {
    truncateSync(this.#toChange(path), length);
  }

  delete(path: string): void {
    rmSync(this.#toChange(path), { recursive: true });
  }

  /** Takes all permissions of a file or directory away, from others than root. */
  forbid(path: string): void {
    chmodSync(this.#toChange(path), 0);
  }

  /** Undoes all changes. */
  restore(): void {
    for (const path of this.#changed) {
      this.#remove(path);
      if (existsSync(join(RECORDED, path))) run('cp', '-r', join(RECORDED, path), this.local(path));
    }
    this.#changed.clear();
  }

  remove(): void {
    this.#remove('');
  }

  #remove(path: string): void {
    run('rm', '-rf', this.local(path));
  }

  #toChange(path: string): string {
    this.#changed.add(path);
    return this.local(path);
  }
}

/** Several times as fast as node:fs for a tree of many small files. */
function run(program: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
}
