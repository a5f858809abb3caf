import type { Logger } from 'pino';
import type { GeneralConfig } from '../config/general-config.ts';
import { newApp, type ScrapeTarget } from './app.ts';
import { maxConnections } from './connection-limit.ts';
import { Connections } from './connections.ts';
import { listen } from './listen.ts';
import type { ServerCounts } from './server-metrics.ts';
import { WebConfigFile } from './web-config-file.ts';

/** A server with its web configuration. */
export interface RunningServer {
  /** Reads the web configuration and its certificates again; an invalid one is logged, and the last good one stays. */
  reload(): void;
  /** Stops accepting connections, gives running responses `graceSeconds` to end, then closes them. */
  close(graceSeconds: number): Promise<void>;
}

/** Serves `target` by the flags `--web.…`. Rejects with `UsageError` if the configuration or the address is invalid. */
export async function startServer(
  target: ScrapeTarget,
  general: GeneralConfig,
  counts: ServerCounts,
  log: Logger,
): Promise<RunningServer> {
  const connections = new Connections(maxConnections(), counts);
  const file = new WebConfigFile(general['web.config.file']);
  await file.load();
  const app = newApp(target, {
    webConfig: () => file.current,
    telemetryPath: general['web.telemetry-path'],
    maxRequests: general['web.max-requests'],
    connections,
    counts,
  });
  const server = await listen(app, general['web.listen-address'], file.current.tlsOptions, connections);
  const reload = newReload(file, counts, log, () => server.useTls(file.current.tlsOptions));
  file.onChange = reload;
  return {
    reload,
    close: (graceSeconds) => {
      file.close();
      return server.close(graceSeconds);
    },
  };
}

function newReload(file: WebConfigFile, counts: ServerCounts, log: Logger, apply: () => void): () => void {
  let problem: string | undefined;
  return () => {
    const loading = file.load().then(
      () => {
        problem = undefined;
        apply();
        log.info('web configuration read again');
      },
      (error: Error) => {
        // While several files change, each change is tried.
        if (error.message !== problem) log.error(`the last web configuration stays in use: ${error.message}`);
        problem = error.message;
      },
    );
    void loading.then(() => {
      counts.reloadSuccessful = problem === undefined;
    });
  };
}
