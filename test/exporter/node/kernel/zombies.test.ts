import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { findZombies, parseForks, type ZombieScan } from '../../../../exporter/node/kernel/zombies.ts';
import { countingHost } from '../host/counting-tree.ts';
import { type Entry, temporaryHost, writeEntries } from '../host/temporary-host.ts';

/** A process of a state; what has no cgroup here is as on cgroup v1, where the kernel shows `/` for a zombie. */
function task(pid: number, state: string, parent: number, cgroup = '/'): Record<string, Entry> {
  return {
    [`/proc/${pid}/stat`]: `${pid} (sh) ${state} ${parent} 1 1 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 1 0 234928 0\n`,
    [`/proc/${pid}/cgroup`]: `0::${cgroup}\n`,
  };
}

/** A kernel with 1,000 process ids, of which 100 are in use, after so many forks. */
const kernel = (forks: number) => ({
  '/proc/stat': `cpu 1 2 3\nprocesses ${forks}\nprocs_running 1\n`,
  '/proc/loadavg': '0.00 0.00 0.00 1/100 5000\n',
  '/proc/sys/kernel/pid_max': '1000\n',
});

const HOST = {
  ...kernel(5000),
  ...task(1, 'S', 0),
  ...task(10, 'S', 1, '/app'),
  ...task(11, 'Z', 10, '/app'),
  ...task(12, 'Z', 10, '/app (deleted)'),
  ...task(13, 'Z', 10),
  ...task(20, 'D', 10),
};

/** Looks at a host that changes, one after the other. */
function looks(t: TestContext, entries: Record<string, Entry>) {
  const { root } = temporaryHost(t, entries);
  let previous: ZombieScan | undefined;
  return {
    root,
    next() {
      const { host, asked } = countingHost(root);
      const faults: string[] = [];
      const fault = (about: string) => faults.push(about);
      previous = findZombies({ host, progress: () => {}, fault }, previous);
      const found = previous.groups.map(({ parent, cgroup, pids }) => [parent, cgroup, ...pids]);
      return { found, faults, stats: asked.reads.filter((path) => /^\d+\/stat$/.test(path)).sort() };
    },
  };
}

test('zombies are grouped by their parent and their own cgroup, which may be hidden', (t) => {
  const { found, faults } = looks(t, HOST).next();
  assert.deepEqual(found, [
    [10, '/app', 11, 12],
    [10, undefined, 13],
  ]);
  assert.deepEqual(faults, []);
});

test('a zombie that was found is not read again, and goes when it is reaped', (t) => {
  const { root, next } = looks(t, HOST);
  next();
  writeEntries(root, task(21, 'Z', 10, '/app'));
  for (const pid of [11, 13]) rmSync(join(root, `proc/${pid}`), { recursive: true });
  const { found, stats } = next();
  assert.deepEqual(found, [[10, '/app', 12, 21]]);
  assert.deepEqual(stats, ['1/stat', '10/stat', '20/stat', '21/stat']);
});

test('all are read again once the numbers may have come round, or nobody can tell', (t) => {
  const { root, next } = looks(t, HOST);
  const all = next().stats;
  assert.equal(all.length, 6);
  const after = (entries: Record<string, Entry>) => {
    writeEntries(root, entries);
    return next().stats.length;
  };
  // Half of the 900 free ones.
  assert.deepEqual([after(kernel(5449)), after(kernel(5899))], [3, 6]);
  assert.equal(after(kernel(5000)), 3);
  for (const unknown of ['stat', 'loadavg', 'sys/kernel/pid_max']) {
    rmSync(join(root, 'proc', unknown));
    assert.equal(next().stats.length, 6, unknown);
    writeEntries(root, kernel(5000));
    next();
  }
});

test('zombies of a parent that ended have another one', (t) => {
  const { root, next } = looks(t, HOST);
  next();
  rmSync(join(root, 'proc/10'), { recursive: true });
  writeEntries(root, { ...task(11, 'Z', 1, '/app'), ...task(12, 'Z', 1, '/app') });
  rmSync(join(root, 'proc/13'), { recursive: true });
  assert.deepEqual(next().found, [[1, '/app', 11, 12]]);
});

test('zombies of a parent that is a zombie now, so that it is still to be seen, have another one', (t) => {
  const { root, next } = looks(t, { ...HOST, ...task(5, 'S', 1, '/app') });
  next();
  writeEntries(root, task(10, 'Z', 5, '/app'));
  for (const pid of [11, 12]) writeEntries(root, task(pid, 'Z', 5, '/app'));
  writeEntries(root, task(13, 'Z', 5));
  const expected = [
    [5, '/app', 10, 11, 12],
    [5, undefined, 13],
  ];
  assert.deepEqual(next().found, expected);
  const { found, stats } = next();
  assert.deepEqual([found, stats], [expected, ['1/stat', '20/stat', '5/stat']]);
});

test('a line that makes no sense is a fault, and hides no other', (t) => {
  const { found, faults } = looks(t, { ...HOST, '/proc/12/stat': 'garbage\n', '/proc/14/comm': 'ended\n' }).next();
  assert.deepEqual(found, [
    [10, '/app', 11],
    [10, undefined, 13],
  ]);
  assert.deepEqual(faults, ['/proc/12/stat']);
});

test('forks since boot, from a line of their own', () => {
  assert.equal(parseForks('cpu  1 2\nprocesses 26334\nprocs_running 2\n'), 26_334);
  for (const text of ['', 'cpu 1\n', 'processes \n', 'processes -1\n', 'nr_processes 7\n', 'processes 7 8\n']) {
    assert.equal(parseForks(text), undefined, text);
  }
});
