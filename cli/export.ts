import { once } from 'node:events';
import type { Logger } from 'pino';
import { watchers } from '../exporter/cluster/watchers/index.ts';
import { collectorOptions, watcherOptions } from '../exporter/config/collector-options.ts';
import { type Config, readConfig } from '../exporter/config/config.ts';
import { flagsHelp } from '../exporter/config/help.ts';
import type { Option } from '../exporter/config/option.ts';
import { API_OPTIONS, HOST_OPTIONS, PROGRAM_OPTIONS, WEB_OPTIONS } from '../exporter/config/options.ts';
import { type Format, families, join, print } from '../exporter/exposition/exposition.ts';
import { processMetrics } from '../exporter/exposition/process-metrics.ts';
import { collectors } from '../exporter/node/collectors/index.ts';
import type { Role } from '../exporter/role.ts';
import { SERVER_METRICS, ServerCounts } from '../exporter/server/server-metrics.ts';
import { startServer } from '../exporter/server/start.ts';
import { VERSION } from '../exporter/version.ts';
import type { Command } from './command.ts';
import { killSelf } from './kill-self.ts';
import { logLastErrors } from './last-errors.ts';
import { newLog } from './log.ts';
import { type LogOutput, logOutput } from './log-output.ts';

/** How long responses and collectors may still run after a signal. */
const GRACE_SECONDS = 2;

/** The roles that a process can have, with the flags of each; a role that it does not have is not loaded. */
export const ROLES = {
  node: {
    options: { ...HOST_OPTIONS, ...merge(collectors.map(collectorOptions)) },
    load: async (config: Config, log: Logger): Promise<Role> =>
      (await import('../exporter/node/role.ts')).nodeRole(config, log),
  },
  cluster: {
    options: { ...API_OPTIONS, ...merge(watchers.map(watcherOptions)) },
    load: async (config: Config, log: Logger): Promise<Role> =>
      (await import('../exporter/cluster/role.ts')).clusterRole(config, log),
  },
};

export type RoleName = keyof typeof ROLES;

/** `foreshock node`, `foreshock cluster` or both. */
export function exporting(names: readonly RoleName[]): Command {
  return { help: () => exportHelp(names), run: (flags) => exportMetrics(names, flags) };
}

const exportHelp = (names: readonly RoleName[]) => `Usage: foreshock ${names.join(' ')} [flags]

Serves metrics for Prometheus until SIGTERM or SIGINT. The file of --web.config.file and its certificates are read again
when they change, and on SIGHUP.

Each flag is also an environment variable (--log.level is FORESHOCK_LOG_LEVEL) and a key of the file of --config.file.
Flags of the other role are accepted and have no effect, so that both roles can share a file.

Flags:
  --help
        Print this text.
${flagsHelp({ ...WEB_OPTIONS, ...PROGRAM_OPTIONS, ...merge(names.map((name) => ROLES[name].options)) })}
`;

function merge(tables: readonly Record<string, Option>[]): Record<string, Option> {
  return Object.assign({}, ...tables);
}

/** Serves the metrics until SIGTERM or SIGINT, or prints them once. */
async function exportMetrics(names: readonly RoleName[], flags: readonly string[]): Promise<number> {
  const config = readConfig(flags, collectors, watchers);
  const output = logOutput();
  const log = await newLog(config.general['log.level'], config.general['log.format'], output);
  logLastErrors(log, output);
  const roles = await Promise.all(names.map((name) => ROLES[name].load(config, log)));
  if (config.general.once) {
    await Promise.all(roles.map((role) => role.collectOnce()));
    process.stdout.write(await newExposition(roles, output)('text'));
  } else {
    await serve(config, roles, log, output);
  }
  const ended = await Promise.all(roles.map((role) => role.stop(GRACE_SECONDS)));
  if (ended.includes(false)) log.warn('a collector hangs in the kernel; exiting by SIGKILL');
  const isLogged = await output.end(GRACE_SECONDS);
  if (ended.includes(false) || !isLogged) {
    process.stdout.end();
    await once(process.stdout, 'finish');
    killSelf();
  }
  return 0;
}

/** Some metrics are common to both roles; their samples must be printed together. */
function newExposition(
  roles: readonly Role[],
  output: LogOutput,
  counts?: ServerCounts,
): (format: Format) => Promise<Buffer> {
  const printProcessMetrics = processMetrics(() => output.dropped, counts !== undefined);
  return async (format) => {
    const ofRoles = await Promise.all(roles.map((role) => role.exposition(format)));
    const ofServer = counts ? print(families(SERVER_METRICS, counts.samples()), format) : [];
    return join([...ofRoles.flat(), ...ofServer, ...(await printProcessMetrics(format))], format);
  };
}

async function serve({ general }: Config, roles: readonly Role[], log: Logger, output: LogOutput): Promise<void> {
  const counts = new ServerCounts();
  const notReady = () => roles.map((role) => role.notReady).find((reason) => reason !== undefined);
  const server = await startServer(
    { exposition: newExposition(roles, output, counts), notReady },
    general,
    counts,
    log,
  );
  for (const role of roles) role.start();
  log.info({ version: VERSION, node: process.version, address: general['web.listen-address'] }, 'listening');
  process.on('SIGHUP', server.reload);
  const signal = await Promise.race(['SIGTERM', 'SIGINT'].map((name) => once(process, name).then(() => name)));
  log.info({ signal }, 'stopping');
  await server.close(GRACE_SECONDS);
}
