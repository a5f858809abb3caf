import type { Host } from '../host/host.ts';
import { parseProcessStat, parseProcessTicks } from './process-stat.ts';
import { processIds } from './processes.ts';

/** Parent of all kernel threads: kthreadd, the second process of every boot. */
const KTHREADD = 2;

/** What kswapd threads have used of the CPU, in clock ticks. */
export interface KswapdTime {
  /** By process id, the threads that run. */
  readonly threads: ReadonlyMap<number, number>;
  /** Of threads that have gone, with their NUMA node. */
  readonly gone: number;
}

/**
 * The kswapd threads, one for each NUMA node, and their time so far, which never falls. All processes are looked at the
 * first time and when a thread has gone, otherwise the known threads alone.
 */
export function readKswapdTime(host: Host, previous: KswapdTime | undefined): KswapdTime {
  const known = previous && readThreads(host, [...previous.threads.keys()]);
  const isComplete = known !== undefined && known.size === previous?.threads.size;
  const threads = isComplete ? known : readThreads(host, processIds(host));
  const lost = [...(previous?.threads ?? [])].filter(([pid, ticks]) => (threads.get(pid) ?? -1) < ticks);
  return { threads, gone: lost.reduce((sum, [, ticks]) => sum + ticks, previous?.gone ?? 0) };
}

/** Ticks by process id, of those processes that are kswapd threads. */
function readThreads(host: Host, pids: readonly number[]): Map<number, number> {
  const threads = new Map<number, number>();
  for (const pid of pids) {
    const stat = host.procfs.readIfPresent(`${pid}/stat`);
    if (stat !== undefined && isKswapd(stat)) threads.set(pid, parseProcessTicks(stat));
  }
  return threads;
}

/** By name and by parent: anybody may call a process kswapd0, and crypto miners do. */
function isKswapd(stat: string): boolean {
  return /^\d+ \(kswapd\d+\) /.test(stat) && parseProcessStat(stat).parent === KTHREADD;
}
