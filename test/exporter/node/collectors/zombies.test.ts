import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { zombies } from '../../../../exporter/node/collectors/zombies.ts';
import { directoryOf } from '../containers/directory-of.ts';
import { countingHost } from '../host/counting-tree.ts';
import { type Entry, temporaryHost, writeEntries } from '../host/temporary-host.ts';
import { type Run, runCollector } from '../run-collector.ts';

const APP = { id: 'a'.repeat(64), runtime: 'docker', namespace: 'shop', pod: 'web-0', container: 'app' } as const;
const APP_CGROUP = `/kubepods/pod1/${APP.id}`;
const CONTAINERS = directoryOf(APP);
const CRON = '/system.slice/cron.service';

const MOUNTS = '31 22 0:25 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n';
const HOST = {
  '/proc/1/mountinfo': MOUNTS,
  '/proc/stat': 'processes 5000\n',
  '/proc/loadavg': '0.00 0.00 0.00 1/100 5000\n',
  '/proc/sys/kernel/pid_max': '32768\n',
  '/sys/fs/cgroup/cgroup.controllers': 'cpu memory pids\n',
  [`/sys/fs/cgroup${APP_CGROUP}/pids.current`]: '1\n',
  [`/sys/fs/cgroup${APP_CGROUP}/cgroup.threads`]: '10\n',
  ...task(10, 'app', 'S', 1, APP_CGROUP),
  ...task(30, 'cron', 'S', 1, CRON),
};

function task(pid: number, command: string, state: string, parent: number, cgroup: string): Record<string, Entry> {
  return {
    [`/proc/${pid}/stat`]: `${pid} (${command}) ${state} ${parent} 1 1 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 1 0 234928 0\n`,
    [`/proc/${pid}/cgroup`]: `0::${cgroup}\n`,
  };
}

const zombie = (pid: number, parent: number, cgroup: string) => task(pid, 'sh', 'Z', parent, cgroup);
const remove = (root: string, pid: number) => rmSync(join(root, `proc/${pid}`), { recursive: true });

/** The labels of what is in a container, and of what is in another cgroup. */
const IN_APP = 'namespace="shop",pod="web-0",container="app",cgroup=""';
const outside = (cgroup: string) => `namespace="",pod="",container="",cgroup="${cgroup}"`;
const [ROOT_AND_APP, NONE] = [
  (app: number) => ({ [`zombie_processes{${outside('/')}}`]: 0, [`zombie_processes{${IN_APP}}`]: app }),
  { [`zombie_processes{${outside('/')}}`]: 0, [`zombie_processes{${IN_APP}}`]: 0 },
];

/** Looks at a host that changes, at these times of the monotonic clock; what each read of /proc/PID/stat. */
function looks(t: TestContext, entries: Record<string, Entry>) {
  const { root } = temporaryHost(t, entries);
  let previous: unknown;
  return {
    root,
    async next(at: number): Promise<Run & { looked: boolean }> {
      const { host, asked } = countingHost(root);
      const run = await runCollector(zombies, host, { containers: CONTAINERS, previous, now: () => at });
      previous = run.state;
      return { ...run, looked: asked.lists.includes('') };
    },
  };
}

test('zombies by container or cgroup, and by the parent that does not reap them', async (t) => {
  const { next } = looks(t, {
    ...HOST,
    ...zombie(11, 10, APP_CGROUP),
    ...zombie(12, 10, APP_CGROUP),
    ...zombie(31, 30, CRON),
    // As on cgroup v1: it is where its parent is. The parent of the other one has gone meanwhile.
    ...zombie(32, 30, '/'),
    ...zombie(33, 29, `${CRON} (deleted)`),
  });
  const { values, faults } = await next(1000);
  assert.deepEqual(values, {
    ...ROOT_AND_APP(2),
    [`zombie_processes{${outside(CRON)}}`]: 3,
    [`zombie_parent_processes{${IN_APP},command="app"}`]: 2,
    [`zombie_parent_processes{${outside(CRON)},command="cron"}`]: 2,
    [`zombie_parent_processes{${outside(CRON)},command=""}`]: 1,
  });
  assert.deepEqual(faults, []);
});

test('the series of a cgroup and of a parent go with their last zombie, that of a container is 0', async (t) => {
  const { root, next } = looks(t, { ...HOST, ...zombie(11, 10, APP_CGROUP), ...zombie(31, 30, CRON) });
  await next(1000);
  for (const pid of [11, 31]) remove(root, pid);
  assert.deepEqual((await next(1015)).values, NONE);
});

test('a stat line that makes no sense is a fault, and the others count', async (t) => {
  const { root, next } = looks(t, { ...HOST, ...zombie(11, 10, APP_CGROUP), '/proc/12/stat': 'garbage\n' });
  const broken = await next(1000);
  assert.deepEqual(broken.faults, ['/proc/12/stat: not a /proc/PID/stat line: "garbage\\n"']);
  assert.equal(broken.values[`zombie_processes{${IN_APP}}`], 1);
  remove(root, 12);
  assert.deepEqual((await next(1015)).faults, []);
});

test('without /proc there are no zombies to count, which is not none', async (t) => {
  const { root, next } = looks(t, HOST);
  rmSync(join(root, 'proc'), { recursive: true });
  await assert.rejects(next(1000), /ENOENT.*\/proc/);
});

test('while containers have nothing unreaped, all processes are looked at once a minute', async (t) => {
  const { root, next } = looks(t, HOST);
  assert.ok((await next(1000)).looked);
  writeEntries(root, zombie(31, 30, CRON));
  for (const at of [1015, 1059]) {
    const { values, looked } = await next(at);
    assert.deepEqual([values, looked], [NONE, false]);
  }
  const after = await next(1060);
  assert.deepEqual([after.values[`zombie_processes{${outside(CRON)}}`], after.looked], [1, true]);
});

test('a container that has more tasks than threads is looked at at once, and while it has zombies', async (t) => {
  const { root, next } = looks(t, HOST);
  await next(1000);
  const current = join(root, 'sys/fs/cgroup', APP_CGROUP, 'pids.current');
  writeEntries(root, zombie(11, 10, APP_CGROUP));
  writeFileSync(current, '2\n');
  assert.equal((await next(1015)).values[`zombie_processes{${IN_APP}}`], 1);
  remove(root, 11);
  writeFileSync(current, '1\n');
  assert.deepEqual((await next(1030)).values, NONE);
  assert.equal((await next(1045)).looked, false);
});

test('numbers of tasks that make no sense are a reason to look', async (t) => {
  const { root, next } = looks(t, HOST);
  await next(1000);
  writeFileSync(join(root, 'sys/fs/cgroup', APP_CGROUP, 'pids.current'), 'many\n');
  assert.ok((await next(1015)).looked);
});

test('of many cgroups and parents those with the most zombies have series; the others are summed, or not told', async (t) => {
  const entries: Record<string, Entry> = { ...HOST };
  for (let unit = 0; unit < 60; unit += 1) {
    const [cgroup, parent] = [`/system.slice/run-${unit}.scope`, 1000 * (unit + 1)];
    Object.assign(entries, task(parent, `job-${unit}`, 'S', 1, cgroup));
    // The first ten have one zombie, the others two.
    for (let child = 1; child <= (unit < 10 ? 1 : 2); child += 1) {
      Object.assign(entries, zombie(parent + child, parent, cgroup));
    }
  }
  const { values } = await looks(t, entries).next(1000);
  const of = (metric: string) => Object.keys(values).filter((name) => name.startsWith(`${metric}{`));
  // Those of the host, of the container, and of 50 cgroups, and that of the rest.
  assert.equal(of('zombie_processes').length, 2 + 50 + 1);
  assert.equal(values[`zombie_processes{${outside('other')}}`], 10);
  assert.equal(values[`zombie_processes{${outside('/system.slice/run-9.scope')}}`], undefined);
  assert.equal(values[`zombie_processes{${outside('/system.slice/run-10.scope')}}`], 2);
  assert.equal(of('zombie_parent_processes').length, 20);
});
