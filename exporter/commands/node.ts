import { once } from 'node:events';
import cron from 'node-cron';
import type { Logger } from 'pino';
import { collectors } from '../collectors/index.ts';
import { type Config, readConfig } from '../config/config.ts';
import type { Format } from '../exposition.ts';
import { newLog } from '../log.ts';
import { ownMetrics } from '../own-metrics.ts';
import { WorkerPool } from '../scheduling/pool.ts';
import { Scheduler } from '../scheduling/scheduler.ts';
import { newApp } from '../server/app.ts';
import { closeServer, listen } from '../server/listen.ts';
import { readWebConfig } from '../server/web-config.ts';
import { VERSION } from '../version.ts';

/** Collectors at work at the same time: the walk of writable layers, and one of the others. */
const WORKERS = 2;

/** Seconds that a stop may take before what still runs is cut off. */
const GRACE = 2;

/** `foreshock node`: serves this host's metrics until SIGTERM or SIGINT, or prints them once. */
export async function node(flags: readonly string[]): Promise<number> {
  const config = readConfig(flags, collectors);
  const log = await newLog(config.general['log.level'], config.general['log.format']);
  cron.setLogger({ info: () => {}, warn: (text) => log.warn(text), error: (text) => log.error(text), debug: () => {} });
  const pool = newPool(config);
  const scheduler = new Scheduler(schedules(config), pool, log);
  const own = ownMetrics();
  const exposition = async (format: Format) => {
    const end = Buffer.from(format === 'openMetrics' ? '# EOF\n' : '');
    return Buffer.concat([await scheduler.exposition(format), await own(format), end]);
  };
  if (config.general.once) {
    await scheduler.runAll();
    process.stdout.write(await exposition('text'));
  } else {
    await serve(config, scheduler, exposition, log);
  }
  if (!(await pool.close(GRACE))) await endHard(log);
  return 0;
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
    return [{ collector, cron: settings.schedule, timeout: settings.timeout, published: settings.enabled }];
  });
}

async function serve(
  { general }: Config,
  scheduler: Scheduler,
  exposition: (format: Format) => Promise<Buffer>,
  log: Logger,
): Promise<void> {
  const webConfig = readWebConfig(general['web.config.file']);
  const app = newApp({ exposition, ready: () => scheduler.ready }, general['web.telemetry-path'], webConfig);
  const server = await listen(app, general['web.listen-address'], webConfig);
  scheduler.start();
  log.info({ version: VERSION, node: process.version, address: general['web.listen-address'] }, 'listening');
  const signal = await Promise.race(['SIGTERM', 'SIGINT'].map((name) => once(process, name).then(() => name)));
  log.info({ signal }, 'stopping');
  await scheduler.stop();
  await closeServer(server, GRACE);
}

/** A thread that hangs in the kernel would hold up a normal exit, which waits for it, for as long as the disk hangs. */
async function endHard(log: Logger): Promise<void> {
  log.warn('a collector hangs in the kernel and cannot be ended; leaving by SIGKILL');
  process.stdout.end();
  await once(process.stdout, 'finish');
  process.kill(process.pid, 'SIGKILL');
  // Process 1 of a namespace takes no SIGKILL from within; only a fault of the processor ends it.
  process.abort();
}
