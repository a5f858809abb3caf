import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import type { Role } from '../role.ts';
import { ApiClient } from './api/client.ts';
import { SystemClock } from './api/clock.ts';
import { inCluster } from './api/in-cluster.ts';
import { kubeconfig } from './api/kubeconfig.ts';
import { ClusterWatch } from './cluster-watch.ts';
import { watchers } from './watchers/index.ts';

/**
 * The role `cluster`: metrics of all nodes from the API server. Throws `UsageError` when it does not know the server.
 */
export async function clusterRole({ general, watchers: enabled }: Config, log: Logger): Promise<Role> {
  const clock = new SystemClock();
  const access = general.kubeconfig === '' ? inCluster() : await kubeconfig(general.kubeconfig, clock);
  const client = new ApiClient(access, clock);
  const watch = new ClusterWatch(
    watchers.filter(({ name }) => enabled.has(name)),
    client,
    log,
  );
  const stopped = new AbortController();
  return {
    get notReady() {
      return watch.synced ? undefined : 'starting';
    },
    start: () => void watch.run(stopped.signal),
    collectOnce: async () => {
      void watch.run(stopped.signal);
      await watch.settled(stopped.signal);
    },
    exposition: (format) => watch.exposition(format),
    stop: async () => {
      stopped.abort();
      client.close();
      return true;
    },
  };
}
