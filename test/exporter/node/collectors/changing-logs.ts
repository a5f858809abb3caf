import { execFileSync } from 'node:child_process';
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { containerLogs } from '../../../../exporter/node/collectors/container-logs.ts';
import type { Container } from '../../../../exporter/node/containers/container.ts';
import type { Location } from '../../../../exporter/node/locations/location.ts';
import { directoryOf } from '../containers/directory-of.ts';
import { type Entry, temporaryHost } from '../host/temporary-host.ts';
import { type Run, runCollector } from '../run-collector.ts';

export const CONTAINERS = '/var/lib/docker/containers';
const LOCATIONS: readonly Location[] = [
  { what: 'docker_root', path: '/var/lib/docker', source: 'found', by: 'it is there' },
  { what: 'pod_logs', path: '/var/log/pods', source: 'found', by: 'it is there' },
];
export const POD = '/var/log/pods/shop_web-0_uid';
export const MIB = 1024 ** 2;

/** A container of Docker with a log that may grow to 100 bytes. */
function docker(container: string, digit: string): Container & { log: { path: string } } {
  const id = digit.repeat(64);
  const log = { path: `${CONTAINERS}/${id}/${id}-json.log`, limit: 100 };
  return { id, runtime: 'docker', namespace: '', pod: '', container, log };
}

export const [WEB, DB] = [docker('web', 'a'), docker('db', 'b')];
/** The labels of a container, in a sample. */
export const ofOwner = (container: string, pod = '') =>
  `{namespace="${pod && 'shop'}",pod="${pod}",container="${container}"}`;
export const ALL_READ = { log_unreadable: 0, log_partly_read: 0 };

/** Seconds of Unix time: files that a test makes are created after the first look, unless it is said to be in the future. */
export const LONG_AGO = Date.now() / 1000 - 1000;
export const IN_FUTURE = Date.now() / 1000 + 1000;

/** Looks at logs that change, a quarter of a minute after one another. */
export function looks(t: TestContext, entries: Record<string, Entry>, firstAt = LONG_AGO) {
  const { host, root } = temporaryHost(t, entries);
  // Blocks are allocated for good once they are on the disk.
  execFileSync('sync', ['-f', root]);
  let [previous, elapsed]: [unknown, number] = [undefined, 0];
  return {
    root,
    /** Bytes on the disk of these files, if they are as they were at first. */
    disk: (...paths: string[]) => paths.reduce((sum, path) => sum + lstatSync(join(root, path)).blocks * 512, 0),
    async next(...containers: Container[]): Promise<Run> {
      const unixTime = () => firstAt + elapsed;
      const now = () => 1000 + elapsed;
      const run = await runCollector(containerLogs, host, {
        containers: directoryOf(...containers),
        facts: { locations: { foundAt: 0, value: LOCATIONS } },
        previous,
        now,
        unixTime,
      });
      elapsed += 15;
      previous = run.state;
      return run;
    },
  };
}
