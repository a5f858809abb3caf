import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import type { Role } from '../role.ts';
import { collectors } from './collectors/index.ts';
import { WorkerPool } from './scheduling/pool.ts';
import { Scheduler } from './scheduling/scheduler.ts';

/** Collectors at work at the same time: the walk of writable layers, and one of the others. */
const WORKERS = 2;

/** The role `node`: this host's metrics, read by collectors in worker threads. */
export function nodeRole(config: Config, log: Logger): Role {
  const pool = newPool(config);
  const scheduler = new Scheduler(schedules(config), pool, log);
  return {
    get ready() {
      return scheduler.ready;
    },
    start: () => scheduler.start(),
    collectOnce: () => scheduler.runAll(),
    exposition: (format) => scheduler.exposition(format),
    stop: async (graceSeconds) => {
      scheduler.stop();
      return pool.close(graceSeconds);
    },
  };
}

function newPool({ general, collectors: configured }: Config): WorkerPool {
  return new WorkerPool(WORKERS, {
    paths: { procfs: general['path.procfs'], sysfs: general['path.sysfs'], rootfs: general['path.rootfs'] },
    options: Object.fromEntries([...configured].map(([name, { options }]) => [name, options])),
  });
}

/** The collectors that are switched on; the first one runs in any case, because the others need its inventory. */
function schedules({ collectors: configured }: Config) {
  return collectors.flatMap((collector, index) => {
    const settings = configured.get(collector.name);
    if (!settings || (!settings.enabled && index > 0)) return [];
    return [
      { collector, cron: settings.schedule, timeoutSeconds: settings.timeoutSeconds, published: settings.enabled },
    ];
  });
}
