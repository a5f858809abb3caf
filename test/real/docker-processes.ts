import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { type ExporterProcess, until } from '../exporter-process.ts';
import { sampleValue } from '../exposition-text.ts';
import { assertAgreement, byContainer, SOON, truthOf } from './agreement.ts';
import { ZOMBIES } from './docker-containers.ts';
import type { DockerDaemon } from './docker-daemon.ts';

const ZOMBIE_PROCESSES = 'foreshock_zombie_processes';
const ZOMBIE_PARENTS = 'foreshock_zombie_parent_processes';
const LIMIT_HITS = 'foreshock_container_pids_limit_hits_total';
const CONTAINERS = ['careless', 'unbounded', 'limited'];

/** Checks zombies by container, and the parent that leaves them, against `ps`. */
export async function assertZombies(exporter: ExporterProcess, daemon: DockerDaemon): Promise<void> {
  const processes = await truthOf(CONTAINERS, (name) => daemon.inspect(name, '.State.Pid'));
  const zombies = (name: string) =>
    ps('stat=,ppid=').filter(([state, parent]) => /^Z/.test(state ?? '') && parent === processes[name]);
  await assertAgreement(exporter, byContainer(ZOMBIE_PROCESSES, CONTAINERS), () =>
    truthOf(CONTAINERS, async (name) => zombies(name).length),
  );
  const exposition = await exporter.scrape();
  assert.equal(sampleValue(exposition, ZOMBIE_PROCESSES, { container: 'careless', cgroup: '' }), ZOMBIES);
  const [parent] = ps('comm=', '-p', processes.careless ?? '');
  assert.equal(sampleValue(exposition, ZOMBIE_PARENTS, { container: 'careless' }), ZOMBIES);
  assert.equal(sampleValue(exposition, ZOMBIE_PARENTS, { container: 'careless', command: parent?.[0] ?? '' }), ZOMBIES);
}

/** The columns of `ps`, one row a process. */
function ps(format: string, ...selection: string[]): string[][] {
  const args = selection.length > 0 ? selection : ['-e'];
  const text = execFileSync('ps', [...args, '-o', format], { encoding: 'utf8' });
  return text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
}

/** Checks the threads of the host against `ps`, which counts itself and a heading, and their limit against the kernel's. */
export async function assertPids(exporter: ExporterProcess): Promise<void> {
  const difference = async () => {
    const used = sampleValue(await exporter.scrape(), 'foreshock_pids_used') ?? Number.NaN;
    const listed = execFileSync('ps', ['-eLf'], { encoding: 'utf8' }).trim().split('\n').length;
    return Math.abs(used - listed);
  };
  await until(difference, (threads) => threads <= 30, SOON);
  const limits = ['/proc/sys/kernel/pid_max', '/proc/sys/kernel/threads-max', ...ROOT_LIMITS.filter(existsSync)]
    .map((file) => readFileSync(file, 'utf8').trim())
    .filter((limit) => limit !== 'max');
  assert.equal(sampleValue(await exporter.scrape(), 'foreshock_pids_limit'), Math.min(...limits.map(Number)));
}

/** A root cgroup has a limit only when it is not the real root, as in a container. */
const ROOT_LIMITS = ['/sys/fs/cgroup/pids/pids.max', '/sys/fs/cgroup/pids.max'];

/** Checks that the exporter counts each failed fork that the kernel counts. */
export async function assertLimitHits(exporter: ExporterProcess, daemon: DockerDaemon): Promise<void> {
  const hits = byContainer(LIMIT_HITS, CONTAINERS);
  assert.deepEqual(hits(await exporter.scrape()), { careless: 0, unbounded: 0, limited: 0 });
  // The shell gives up at its first fork that fails, and leaves its children behind.
  const fork = daemon.docker('exec', 'limited', 'sh', '-c', `while :; do sleep 100000 & done`);
  await assert.rejects(fork, /can't fork/);
  await assertAgreement(exporter, hits, async () => {
    const now = await truthOf(CONTAINERS, (name) => kernelsHits(daemon, name));
    return now.limited ? now : `no fork has failed: ${JSON.stringify(now)}`;
  });
}

/** `max` of pids.events of a container's own cgroup. */
async function kernelsHits(daemon: DockerDaemon, container: string): Promise<number> {
  const pid = await daemon.inspect(container, '.State.Pid');
  const cgroups = readFileSync(`/proc/${pid}/cgroup`, 'utf8');
  const v1 = /^\d+:pids:(.*)$/m.exec(cgroups)?.[1];
  const v2 = /^0::(.*)$/m.exec(cgroups)?.[1];
  const directory = v1 === undefined ? `/sys/fs/cgroup${v2}` : `/sys/fs/cgroup/pids${v1}`;
  return Number(/^max (\d+)$/m.exec(readFileSync(`${directory}/pids.events`, 'utf8'))?.[1]);
}
