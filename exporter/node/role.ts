import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import type { Role } from '../role.ts';
import { collectors } from './collectors/index.ts';
import { readNamedByUser } from './host/untrusted-file.ts';
import { WorkerPool } from './scheduling/pool.ts';
import { Scheduler } from './scheduling/scheduler.ts';
import { StateFile } from './scheduling/state-file.ts';

/** Collectors at work at the same time: the walk of writable layers, and one of the others. */
const WORKERS = 2;

/** A UUID and a newline (random(4)). */
const MAX_BOOT_ID_BYTES = 100;

/** The role `node`: this host's metrics, read by collectors in worker threads. */
export function nodeRole(config: Config, log: Logger): Role {
  const pool = newPool(config);
  const scheduler = new Scheduler(schedules(config), pool, log);
  return {
    get notReady() {
      return scheduler.notReady;
    },
    start: () => scheduler.start(),
    collectOnce: async () => {
      const file = await stateFile(config, log);
      if (file) scheduler.restore(await file.read());
      await scheduler.runAll();
      await file?.write(scheduler.save());
    },
    exposition: (format) => scheduler.exposition(format),
    stop: async (graceSeconds) => {
      scheduler.stop();
      return pool.close(graceSeconds);
    },
  };
}

/** The file of `--once.state-file`; undefined without the flag, or where the kernel does not say which boot this is. */
async function stateFile({ general }: Config, log: Logger): Promise<StateFile | undefined> {
  const path = general['once.state-file'];
  if (path === '') return undefined;
  const bootFile = `${general['path.procfs']}/sys/kernel/random/boot_id`;
  try {
    return new StateFile(path, (await readNamedByUser(bootFile, MAX_BOOT_ID_BYTES)).trim(), log);
  } catch (error) {
    log.warn({ file: bootFile, error: (error as Error).message }, 'no boot id; the state file is not used');
    return undefined;
  }
}

function newPool({ general, collectors: configured }: Config): WorkerPool {
  return new WorkerPool(WORKERS, {
    paths: { procfs: general['path.procfs'], sysfs: general['path.sysfs'], rootfs: general['path.rootfs'] },
    once: general.once,
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
