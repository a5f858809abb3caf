import type { Host } from '../host/host.ts';
import { type Report, tryRead } from '../report.ts';
import { parseThreads } from './loadavg.ts';
import { readPidMax } from './pid-max.ts';
import { parseProcessCgroups } from './process-cgroup.ts';
import { parseProcessStat, processState } from './process-stat.ts';
import { processIds } from './processes.ts';

type Context = Pick<Report, 'host' | 'progress' | 'fault'>;

/** Zombies of one parent in one cgroup. */
export interface ZombieGroup {
  readonly parent: number;
  /** Their own cgroup on cgroup v2; undefined on v1, where the kernel shows `/` for every exiting task. */
  readonly cgroup: string | undefined;
  readonly pids: readonly number[];
}

/** What a look at all processes found. */
export interface ZombieScan {
  readonly groups: readonly ZombieGroup[];
  /** Forks since boot when the look began, undefined when the kernel does not tell. */
  readonly forks: number | undefined;
}

/**
 * All zombies of the host: one read for each process, but for zombies that the last look found already. A zombie stays
 * one until it is reaped, so that 20,000 of them cost one listing of /proc. A read waits while its process is in the
 * middle of an exec, which a file that it closes may hold up for as long as a network file system does not answer.
 */
export function findZombies(context: Context, previous: ZombieScan | undefined): ZombieScan {
  const { host } = context;
  const forks = parseForks(host.procfs.readIfPresent('stat') ?? '');
  const pids = processIds(host);
  const present = new Set(pids);
  const isTrusted = previous !== undefined && pidsWereNotReused(host, previous.forks, forks);
  const kept = (isTrusted ? previous.groups : [])
    .filter(({ parent }) => present.has(parent))
    .map((group) => ({ ...group, pids: group.pids.filter((pid) => present.has(pid)) }));
  const known = new Set(kept.flatMap((group) => group.pids));
  const found = readZombies(
    context,
    pids.filter((pid) => !known.has(pid)),
  );
  // A parent that has ended too is listed until it is reaped itself; its zombies went to another one.
  const zombies = new Set([...kept, ...found].flatMap((group) => group.pids));
  const moved = kept.filter(({ parent }) => zombies.has(parent));
  const stayed = kept.filter(({ parent }) => !zombies.has(parent));
  const again = readZombies(
    context,
    moved.flatMap((group) => group.pids),
  );
  return { groups: group([...stayed, ...found, ...again]), forks };
}

function readZombies(context: Context, pids: readonly number[]): ZombieGroup[] {
  return pids.flatMap((pid) => tryRead(context, `/proc/${pid}/stat`, () => readZombie(context.host, pid)) ?? []);
}

/** Undefined for a process that is not a zombie, or ended meanwhile. */
function readZombie(host: Host, pid: number): ZombieGroup | undefined {
  const stat = host.procfs.readIfPresent(`${pid}/stat`);
  if (stat === undefined || processState(stat) !== 'Z') return undefined;
  const { v2 } = parseProcessCgroups(host.procfs.readIfPresent(`${pid}/cgroup`) ?? '');
  return { parent: parseProcessStat(stat).parent, cgroup: v2 === '/' ? undefined : v2, pids: [pid] };
}

/**
 * Process ids are handed out in a circle (kernel/pid.c, idr_alloc_cyclic): a freed one comes again only when all other
 * free ones have been used. Half of them is the margin for forks that failed after they had taken a number.
 */
function pidsWereNotReused(host: Host, before: number | undefined, now: number | undefined): boolean {
  const most = knownPidMax(host);
  const threads = parseThreads(host.procfs.readIfPresent('loadavg') ?? '');
  if (before === undefined || now === undefined || threads === undefined || most === undefined) return false;
  return now - before < (most - threads) / 2;
}

/** Undefined, too, where it makes no sense: the collector of process IDs reports that. */
function knownPidMax(host: Host): number | undefined {
  try {
    return readPidMax(host);
  } catch {
    return undefined;
  }
}

/** The line `processes 26334` of /proc/stat: forks and clones since boot (proc_stat(5)). */
export function parseForks(text: string): number | undefined {
  const forks = /^processes (\d+)$/m.exec(text)?.[1];
  return forks === undefined ? undefined : Number(forks);
}

function group(zombies: readonly ZombieGroup[]): ZombieGroup[] {
  const groups = new Map<string, ZombieGroup & { pids: number[] }>();
  for (const { parent, cgroup, pids } of zombies) {
    const key = `${parent} ${cgroup}`;
    const known = groups.get(key);
    if (known) for (const pid of pids) known.pids.push(pid);
    else groups.set(key, { parent, cgroup, pids: [...pids] });
  }
  return [...groups.values()].filter(({ pids }) => pids.length > 0);
}
