import type { CollectorContext } from '../collector.ts';
import { type Daemon, findDaemons, isDaemon } from './daemon-processes.ts';

/** When the processes were last searched for a daemon, and what was found. */
export interface Sighting {
  /** Unix time in seconds. */
  readonly at: number;
  readonly pid: number | undefined;
}

/**
 * Looks whether a daemon runs: a search costs a read for each process, so one that was found is not searched again before
 * its process has gone, and one that was not found only after `patience` seconds.
 */
export function sight(
  { host, containers, now }: Pick<CollectorContext, 'host' | 'containers' | 'now'>,
  daemon: Daemon,
  previous: Sighting | undefined,
  patience: number,
): Sighting {
  const holds = previous?.pid === undefined ? undefined : isDaemon(host, previous.pid, daemon);
  if (previous && (holds ?? now() - previous.at < patience)) return previous;
  return { at: now(), pid: findDaemons(host, containers).find((found) => found.daemon === daemon)?.pid };
}
