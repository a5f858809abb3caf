import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pids } from '../../../../exporter/node/collectors/pids.ts';
import { directoryOf } from '../containers/directory-of.ts';
import { temporaryHost, writeEntries } from '../host/temporary-host.ts';
import { type Run, runCollector } from '../run-collector.ts';

const HOST = {
  '/proc/1/mountinfo': '31 22 0:25 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n',
  '/proc/loadavg': '0.41 0.29 0.32 2/345 12345\n',
  '/proc/sys/kernel/pid_max': '4194304\n',
  '/proc/sys/kernel/threads-max': '127000\n',
  '/sys/fs/cgroup/cgroup.controllers': 'cpu memory pids\n',
};
const HOST_VALUES = { pids_used: 345, pids_limit: 127_000 };

const container = (name: string, digit: string) =>
  ({ id: digit.repeat(64), runtime: 'docker', namespace: '', pod: '', container: name }) as const;
const [app, db] = [container('app', 'a'), container('db', 'b')];
const events = ({ id }: { id: string }) => `/sys/fs/cgroup/system.slice/docker-${id}.scope/pids.events`;
const hits = (name: string) => `container_pids_limit_hits_total{namespace="",pod="",container="${name}"}`;

test('the limit of a host is the smallest of three', async (t) => {
  const { host, root } = temporaryHost(t, HOST);
  const limitWith = async (entries: Record<string, string>) => {
    writeEntries(root, entries);
    return (await runCollector(pids, host)).values.pids_limit;
  };
  assert.equal(await limitWith({}), 127_000);
  assert.equal(await limitWith({ '/sys/fs/cgroup/pids.max': 'max\n' }), 127_000);
  assert.equal(await limitWith({ '/proc/sys/kernel/pid_max': '32768\n' }), 32_768);
  assert.equal(await limitWith({ '/sys/fs/cgroup/pids.max': '7697\n' }), 7697);
});

test('a host without the pids controller has its own values', async (t) => {
  const { host, root } = temporaryHost(t, HOST);
  writeFileSync(join(root, 'sys/fs/cgroup/cgroup.controllers'), 'cpu memory\n');
  const { values, state } = await runCollector(pids, host, { containers: directoryOf(app) });
  assert.deepEqual([values, state], [HOST_VALUES, undefined]);
});

test('a file that is missing, or makes no sense, makes the run fail', async (t) => {
  const files = ['/proc/loadavg', '/proc/sys/kernel/pid_max', '/proc/sys/kernel/threads-max'];
  for (const file of files) {
    const { host, root } = temporaryHost(t, HOST);
    rmSync(join(root, file));
    await assert.rejects(runCollector(pids, host), new RegExp(`ENOENT.*${file}`));
  }
  for (const file of [...files, '/sys/fs/cgroup/pids.max']) {
    for (const text of ['', '\n', 'many\n', '-1\n']) {
      const { host } = temporaryHost(t, { ...HOST, [file]: text });
      await assert.rejects(runCollector(pids, host), /^Error: not a /, `${file}: ${text}`);
    }
  }
});

test('hits of a container count from the first look on, across restarts, until it is gone', async (t) => {
  const { host, root } = temporaryHost(t, { ...HOST, [events(app)]: 'max 100\n', [events(db)]: 'max 0\n' });
  let last: Run | undefined;
  const look = async (...containers: (typeof app | typeof db)[]) => {
    last = await runCollector(pids, host, { containers: directoryOf(...containers), previous: last?.state });
    return last.values;
  };
  const values = (counts: Record<string, number>) => ({
    ...HOST_VALUES,
    ...Object.fromEntries(Object.entries(counts).map(([name, count]) => [hits(name), count])),
  });
  assert.deepEqual(await look(app, db), values({ app: 0, db: 0 }));

  writeEntries(root, { [events(app)]: 'max 103\n' });
  assert.deepEqual(await look(app, db), values({ app: 3, db: 0 }));

  // It is down, and the next time it has a new cgroup.
  rmSync(join(root, events(app), '..'), { recursive: true });
  assert.deepEqual(await look(app, db), values({ app: 3, db: 0 }));
  writeEntries(root, { [events(app)]: 'max 4\n' });
  assert.deepEqual(await look(app, db), values({ app: 7, db: 0 }));

  const replica = { ...app, id: 'c'.repeat(64) };
  writeEntries(root, { [events(replica)]: 'max 10\n', [events(app)]: 'other 1\nmax 5\n' });
  assert.deepEqual(await look(app, db, replica), values({ app: 18, db: 0 }));

  assert.deepEqual(await look(db), values({ db: 0 }));
});

test('a pids.events that cannot be read makes the run fail', async (t) => {
  const { host, root } = temporaryHost(t, HOST);
  mkdirSync(join(root, events(app)), { recursive: true });
  await assert.rejects(runCollector(pids, host, { containers: directoryOf(app) }), /EISDIR/);
});
