import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { serialize } from 'node:v8';
import type { Collector } from '../../../exporter/node/collector.ts';
import { collectors } from '../../../exporter/node/collectors/index.ts';
import { ContainerDirectory } from '../../../exporter/node/containers/directory.ts';
import type { Inventory } from '../../../exporter/node/inventory/inventory.ts';
import { processEntries } from './host/process-entries.ts';
import { type Entry, temporaryHost, writeEntries } from './host/temporary-host.ts';
import { type Run, runCollector } from './run-collector.ts';

/** Runs that share a thread may take 15 s each. */
const GENERATIONS = { blocking: 10, nonBlocking: 1 };
const CONTAINERS = 5;

const OVERLAYS = (ids: readonly string[]) =>
  ids.map((id, index) => {
    const layer = `/var/lib/docker/overlay2/${id}`;
    return `${50 + index} 22 0:${60 + index} / ${layer}/merged rw - overlay overlay rw,lowerdir=/l,upperdir=${layer}/diff,workdir=${layer}/work\n`;
  });

/** The mount table, with the layers of these containers. */
function mounts(ids: readonly string[]): Record<string, Entry> {
  const text = ['31 22 0:25 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n', ...OVERLAYS(ids)].join('');
  return { '/proc/1/mountinfo': text, '/proc/self/mountinfo': text };
}

/** What is there all the time. */
const BASE: Record<string, Entry> = {
  ...mounts([]),
  ...processEntries(1, 'systemd'),
  '/proc/stat': 'processes 100\n',
  '/proc/loadavg': '0.00 0.00 0.00 1/100 100\n',
  '/proc/vmstat': 'nr_mapped 1\n',
  '/proc/meminfo': 'MemFree: 4 kB\nMapped: 4 kB\n',
  '/proc/zoneinfo': 'Node 0, zone Normal\n  pages free 10\n        low 5\n        managed 100\n',
  '/proc/sys/kernel/pid_max': '32768\n',
  '/proc/sys/kernel/threads-max': '32768\n',
  '/sys/fs/cgroup/cgroup.controllers': 'cpu memory pids\n',
  '/sys/fs/cgroup/cgroup.stat': 'nr_descendants 4\nnr_dying_descendants 2\n',
  '/sys/fs/cgroup/memory.stat': 'anon 0\n',
  '/var/lib/docker/image/overlay2/repositories.json': '{"Repositories":{}}',
  '/var/lib/docker/overlay2/l/x': '',
};

/** A container of Docker in a cgroup of its own parent, with a log, a layer, a zombie and a daemon's namesake outside of it. */
function container(id: string, pid: number): Record<string, Entry> {
  const cgroup = `/sys/fs/cgroup/parent-${id.slice(0, 12)}/docker-${id}.scope`;
  const config = {
    ID: id,
    Name: `/${id.slice(0, 20)}`,
    State: { Running: true, Pid: pid },
    Config: {},
    Driver: 'overlay2',
  };
  const log = `/var/lib/docker/containers/${id}/${id}-json.log`;
  return {
    [`/var/lib/docker/containers/${id}/config.v2.json`]: JSON.stringify({ ...config, LogPath: log }),
    [`/var/lib/docker/containers/${id}/hostconfig.json`]: '{"LogConfig":{"Type":"json-file","Config":{}}}',
    [log]: '{"log":"a","stream":"stdout","time":"2026-11-20T23:49:56Z"}\n',
    [`/var/lib/docker/overlay2/${id}/diff/file`]: 'x'.repeat(5000),
    [`/var/lib/docker/image/overlay2/layerdb/mounts/${id}/mount-id`]: id,
    [`${dirname(cgroup)}/memory.stat`]: 'anon 0\n',
    [`${cgroup}/memory.stat`]: 'anon 0\n',
    [`${cgroup}/pids.events`]: 'max 3\n',
    [`${cgroup}/pids.current`]: '5\n',
    [`${cgroup}/cgroup.threads`]: `${pid}\n`,
    [`${cgroup}/memory.pressure`]: 'some avg10=0.00 total=5\nfull avg10=0.00 total=5\n',
    ...processEntries(pid, 'sh', { cgroup: cgroup.slice('/sys/fs/cgroup'.length) }),
    [`/proc/${pid + 1}/stat`]: `${pid + 1} (${id.slice(0, 12)}) Z ${pid} 1 1 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 1 0 234928 0\n`,
    [`/proc/${pid + 1}/cgroup`]: `0::${cgroup.slice('/sys/fs/cgroup'.length)}\n`,
  };
}

/** The directories to remove that `container` has made. */
function places(id: string, pid: number): string[] {
  return [
    `var/lib/docker/containers/${id}`,
    `var/lib/docker/overlay2/${id}`,
    `var/lib/docker/image/overlay2/layerdb/mounts/${id}`,
    `sys/fs/cgroup/parent-${id.slice(0, 12)}`,
    `proc/${pid}`,
    `proc/${pid + 1}`,
  ];
}

/** Runs of a collector on a host on which containers come and go, each with what the run before left. */
class Runs {
  readonly #collector: Collector;
  readonly #host: Parameters<typeof runCollector>[1];
  #inventory: Inventory | undefined;
  #state: unknown;
  #now = 1000;

  constructor(collector: Collector, host: Parameters<typeof runCollector>[1]) {
    this.#collector = collector;
    this.#host = host;
  }

  /** The values of one run, an hour after the last one, and the bytes of what it leaves. */
  async next(): Promise<{ values: Run['values']; state: Buffer }> {
    this.#now += 3600;
    const given = { now: () => this.#now, unixTime: () => this.#now + 1.8e9 };
    const [first] = collectors;
    assert.ok(first);
    this.#inventory = (await runCollector(first, this.#host, { ...given, previous: this.#inventory }))
      .state as Inventory;
    const { facts } = this.#inventory;
    const context = { ...given, facts, containers: new ContainerDirectory(this.#inventory), previous: this.#state };
    const { values, state } = await runCollector(this.#collector, this.#host, context);
    this.#state = state;
    return { values, state: serialize(state) };
  }
}

describe('what a collector remembers of containers, cgroups, processes and files that have gone', () => {
  for (const collector of collectors) {
    test(`${collector.name}: nothing`, async (t) => {
      const { host, root } = temporaryHost(t, BASE);
      const runs = new Runs(collector, host);
      const before = await runs.next();
      let [most, mostSeries] = [0, 0];
      const generations = collector.nonBlocking ? GENERATIONS.nonBlocking : GENERATIONS.blocking;
      for (let generation = 0; generation < generations; generation += 1) {
        const there = Array.from({ length: CONTAINERS }, (_, index) => {
          const number = generation * CONTAINERS + index;
          return { id: `feed${String(number).padStart(4, '0')}`.padEnd(64, 'a'), pid: 10_000 + 2 * number };
        });
        for (const { id, pid } of there) writeEntries(root, container(id, pid));
        writeEntries(root, mounts(there.map(({ id }) => id)));
        const { values, state } = await runs.next();
        [most, mostSeries] = [Math.max(most, state.length), Math.max(mostSeries, Object.keys(values).length)];
        for (const { id, pid } of there)
          for (const place of places(id, pid)) rmSync(join(root, place), { recursive: true });
        writeEntries(root, mounts([]));
      }
      const after = await runs.next();
      assert.ok(!after.state.includes('feed'), after.state.toString('latin1').slice(0, 500));
      assert.deepEqual(Object.keys(after.values).sort(), Object.keys(before.values).sort());
      t.diagnostic(
        `${before.state.length} bytes, with containers ${most}, after ${after.state.length}; series ${mostSeries}`,
      );
    });
  }
});
