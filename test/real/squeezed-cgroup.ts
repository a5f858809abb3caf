import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../exporter-process.ts';
import { missing } from '../programs.ts';

const MEMORY = '/sys/fs/cgroup/memory';
const UNIFIED = existsSync(MEMORY) ? '/sys/fs/cgroup/unified' : '/sys/fs/cgroup';

const FILE_MIB = 48;
const LIMIT_MIB = 12;
const PASSES = 6;

/** Why no cgroup with a memory limit can be made here; false when it can. */
export function cannotSqueeze(): string | false {
  const needed = missing(['dd'], { root: true });
  return needed || (!existsSync(join(UNIFIED, 'memory.pressure')) && 'no memory pressure by cgroup');
}

/** A cgroup named like a container of Docker's, in which a file is read that is larger than the cgroup's memory limit. */
export class SqueezedCgroup {
  readonly id = '5c'.repeat(32);
  /** On a disk: what is in a tmpfs cannot be thrown out. */
  readonly #directory = mkdtempSync('/var/tmp/foreshock-squeezed-');
  readonly #cgroups = existsSync(MEMORY) ? [join(MEMORY, this.id), join(UNIFIED, this.id)] : [join(UNIFIED, this.id)];

  make(): void {
    for (const cgroup of this.#cgroups) mkdirSync(cgroup);
    const limit = existsSync(MEMORY) ? 'memory.limit_in_bytes' : 'memory.max';
    writeFileSync(join(this.#cgroups[0] ?? '', limit), `${LIMIT_MIB * 1024 ** 2}\n`);
  }

  get pressureFile(): string {
    return join(UNIFIED, this.id, 'memory.pressure');
  }

  /** Pages of 4 KiB that must be read again when the file is read from its start to its end several times. */
  get refaults(): number {
    return ((PASSES - 1) * (FILE_MIB - LIMIT_MIB) * 1024) / 4;
  }

  /** Writes the file and reads it again and again, from within the cgroup. */
  async readRepeatedly(): Promise<void> {
    const file = join(this.#directory, 'file');
    const enter = this.#cgroups.map((cgroup) => `echo $$ > ${cgroup}/cgroup.procs`);
    const write = `dd if=/dev/zero of=${file} bs=1M count=${FILE_MIB} conv=fsync`;
    const read = `dd if=${file} of=/dev/null bs=1M`;
    const script = ['set -e', ...enter, write, ...Array<string>(PASSES).fill(read)].join('\n');
    const shell = spawn('sh', ['-c', script], { stdio: 'ignore' });
    const [code] = await once(shell, 'exit');
    if (code !== 0) throw new Error(`reading ended with ${code}`);
  }

  /** The file goes first, because its pages would keep the memory of the cgroup from going. */
  async remove(): Promise<void> {
    rmSync(this.#directory, { recursive: true, force: true });
    for (const cgroup of this.#cgroups.filter(existsSync)) await until(async () => tryRemove(cgroup), Boolean, 10);
  }
}

/** A cgroup is busy for a moment after its last process. */
function tryRemove(cgroup: string): boolean {
  try {
    rmdirSync(cgroup);
    return true;
  } catch {
    return false;
  }
}
