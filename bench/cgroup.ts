import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = '/sys/fs/cgroup';
const IS_UNIFIED = existsSync(join(ROOT, 'cgroup.controllers'));
const PERIOD_US = 100_000;

/** The most that the processes of a cgroup may take. */
export type Limit = { readonly memoryMiB: number } | { readonly cpuPercent: number };

/** A cgroup with a limit, of v1 or v2; only root can make one. */
export class LimitedCgroup {
  readonly #path: string;

  constructor(limit: Limit) {
    const controller = 'memoryMiB' in limit ? 'memory' : 'cpu';
    if (IS_UNIFIED) writeFileSync(join(ROOT, 'cgroup.subtree_control'), `+${controller}`);
    this.#path = join(ROOT, IS_UNIFIED ? '' : controller, `foreshock-bench-${process.pid}-${controller}`);
    mkdirSync(this.#path);
    for (const [file, value] of Object.entries(filesOf(limit))) writeFileSync(join(this.#path, file), value);
  }

  /** Runs the command behind it in the cgroup. */
  get wrapper(): string[] {
    return ['sh', '-c', `echo $$ > ${this.#path}/cgroup.procs && exec "$@"`, 'sh'];
  }

  enter(pid: number): void {
    writeFileSync(join(this.#path, 'cgroup.procs'), String(pid));
  }

  /** After its processes have ended. */
  remove(): void {
    rmdirSync(this.#path);
  }
}

/** cgroup-v2.rst; v1: memory.rst and sched-bwc.rst. Swap would hide what memory is missing. */
function filesOf(limit: Limit): Record<string, string> {
  if ('memoryMiB' in limit) {
    const bytes = String(limit.memoryMiB * 1024 ** 2);
    return IS_UNIFIED ? { 'memory.max': bytes, 'memory.swap.max': '0' } : { 'memory.limit_in_bytes': bytes };
  }
  const quota = (limit.cpuPercent / 100) * PERIOD_US;
  return IS_UNIFIED
    ? { 'cpu.max': `${quota} ${PERIOD_US}` }
    : { 'cpu.cfs_period_us': String(PERIOD_US), 'cpu.cfs_quota_us': String(quota) };
}
