import { pino } from 'pino';
import { readConfig } from '../../exporter/config/config.ts';
import { join } from '../../exporter/exposition/exposition.ts';
import { collectors } from '../../exporter/node/collectors/index.ts';
import { WorkerPool } from '../../exporter/node/scheduling/pool.ts';
import { Scheduler } from '../../exporter/node/scheduling/scheduler.ts';
import { foreshock } from '../cli/command-line.ts';
import type { LogEntry } from '../exporter/node/scheduling/scheduled-collectors.ts';
import type { HostTree } from './host-tree.ts';

/** What one run of all collectors found, and what was logged. */
export interface Collected {
  readonly text: string;
  readonly log: readonly LogEntry[];
}

/** Runs every collector once on a host, without memory of former runs. */
export type CollectOnce = () => Promise<Collected>;

/** In threads of this process, which are kept for the next time. */
export function inThreads(tree: HostTree, flags: readonly string[] = []): { collect: CollectOnce; pool: WorkerPool } {
  const config = [...readConfig([...tree.flags, ...flags], collectors, []).collectors];
  const options = Object.fromEntries(config.map(([name, settings]) => [name, settings.options]));
  const pool = new WorkerPool(2, { paths: tree.paths, options });
  const schedules = collectors.map((collector) => {
    return { collector, cron: collector.schedule, timeoutSeconds: collector.timeoutSeconds, published: true };
  });
  const collect = async () => {
    const log: LogEntry[] = [];
    const logger = pino({ base: null }, { write: (line: string) => log.push(JSON.parse(line)) });
    const scheduler = new Scheduler(schedules, pool, logger);
    await scheduler.runAll();
    return { text: String(join(await scheduler.exposition('text'), 'text')), log };
  };
  return { collect, pool };
}

/** In a process of another user. */
export function asUser(tree: HostTree, uid: number): CollectOnce {
  return async () => {
    const { code, stdout, stderr } = await foreshock(['node', '--once', ...tree.flags], uid);
    if (code !== 0) throw new Error(`exit status ${code}: ${stderr}`);
    const lines = stderr.split('\n').filter(Boolean);
    return { text: stdout, log: lines.map((line) => JSON.parse(line) as LogEntry) };
  };
}
