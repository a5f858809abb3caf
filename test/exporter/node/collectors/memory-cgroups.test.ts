import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { memoryCgroups, parseNumCgroups } from '../../../../exporter/node/collectors/memory-cgroups.ts';
import { temporaryHost, writeEntries } from '../host/temporary-host.ts';
import { type Run, runCollector } from '../run-collector.ts';

const MOUNTS = '31 22 0:25 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n';
const ROOT = {
  '/proc/1/mountinfo': MOUNTS,
  '/proc/self/mountinfo': MOUNTS,
  '/sys/fs/cgroup/cgroup.controllers': 'cpu memory pids\n',
  '/sys/fs/cgroup/cgroup.stat': 'nr_descendants 4\nnr_dying_descendants 2\n',
  '/sys/fs/cgroup/memory.stat': 'anon 0\n',
};

/** A top-level cgroup with one container. */
const parent = (name: string) => ({
  [`/sys/fs/cgroup/${name}/memory.stat`]: 'anon 0\n',
  [`/sys/fs/cgroup/${name}/${'a'.repeat(64)}/memory.stat`]: 'anon 0\n',
});

const timed = (values: Run['values']) =>
  Object.keys(values).flatMap((name) => /read_duration_seconds\{cgroup="(.*)"\}/.exec(name)?.[1] ?? []);

test('a removed cgroup has no series any more, one whose containers have ended keeps it', async (t) => {
  const { host, root } = temporaryHost(t, { ...ROOT, ...parent('docker'), ...parent('job') });
  const first = await runCollector(memoryCgroups, host);
  assert.deepEqual(timed(first.values), ['/', '/docker', '/job']);
  rmSync(join(root, 'sys/fs/cgroup/job'), { recursive: true });
  rmSync(join(root, 'sys/fs/cgroup/docker', 'a'.repeat(64)), { recursive: true });
  const second = await runCollector(memoryCgroups, host, { previous: first.state });
  assert.deepEqual(timed(second.values), ['/', '/docker']);
});

test('of many cgroups those with a series keep it, others are counted', async (t) => {
  const { host, root } = temporaryHost(t, { ...ROOT, ...parent('kubepods') });
  const first = await runCollector(memoryCgroups, host);
  assert.equal(first.values.memory_cgroups_untimed, 0);
  for (let job = 0; job < 50; job += 1) writeEntries(root, parent(`job-${job}`));
  const second = await runCollector(memoryCgroups, host, { previous: first.state });
  assert.equal(timed(second.values).length, 21);
  assert.ok(timed(second.values).includes('/kubepods'));
  assert.equal(second.values.memory_cgroups_untimed, 31);
  const third = await runCollector(memoryCgroups, host, { previous: second.state });
  assert.deepEqual(timed(third.values), timed(second.values));
});

/** Values other than durations. */
const counts = ({ values }: Run) =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !name.startsWith('memory_stat_')));

test('live and dying cgroups, of memory alone where the kernel tells them apart', async (t) => {
  const { host, root } = temporaryHost(t, ROOT);
  const countsWith = async (stat: string) => {
    writeEntries(root, { '/sys/fs/cgroup/cgroup.stat': stat });
    return counts(await runCollector(memoryCgroups, host));
  };
  const all = 'nr_descendants 4\nnr_dying_descendants 2\n';
  assert.deepEqual(await countsWith(all), { memory_cgroups: 5, memory_cgroups_dying: 2, memory_cgroups_untimed: 0 });
  assert.deepEqual(await countsWith(`nr_subsys_memory 3\n${all}nr_dying_subsys_memory 1\n`), {
    memory_cgroups: 3,
    memory_cgroups_dying: 1,
    memory_cgroups_untimed: 0,
  });
});

const V1 = {
  '/proc/1/mountinfo': '33 22 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n',
  '/proc/cgroups': '#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpuset\t2\t1\t1\nmemory\t4\t158\t1\n',
  '/sys/fs/cgroup/memory/memory.stat': 'cache 0\n',
  '/sys/fs/cgroup/memory/docker/memory.stat': 'cache 0\n',
  [`/sys/fs/cgroup/memory/docker/${'a'.repeat(64)}/memory.stat`]: 'cache 0\n',
};

test('on cgroup v1 those that have no directory any more are dying', async (t) => {
  const { host, root } = temporaryHost(t, V1);
  const first = await runCollector(memoryCgroups, host);
  assert.deepEqual(counts(first), { memory_cgroups: 3, memory_cgroups_dying: 155, memory_cgroups_untimed: 0 });
  assert.deepEqual(timed(first.values), ['/', '/docker']);
  // One was made between the two counts.
  writeEntries(root, { '/proc/cgroups': 'memory\t4\t2\t1\n' });
  assert.equal(counts(await runCollector(memoryCgroups, host)).memory_cgroups_dying, 0);
});

test('a host without the memory controller has no series', async (t) => {
  const { host } = temporaryHost(t, { ...ROOT, '/sys/fs/cgroup/cgroup.controllers': 'cpu pids\n' });
  assert.deepEqual((await runCollector(memoryCgroups, host)).values, {});
});

test('counts that are missing, or make no sense, make the run fail', async (t) => {
  const without = temporaryHost(t, ROOT);
  rmSync(join(without.root, 'sys/fs/cgroup/cgroup.stat'));
  await assert.rejects(runCollector(memoryCgroups, without.host), /ENOENT.*cgroup\.stat/);
  for (const text of ['', 'nr_descendants 4\n', 'nr_dying_descendants 2\n', 'nr_descendants many\n']) {
    const { host } = temporaryHost(t, { ...ROOT, '/sys/fs/cgroup/cgroup.stat': text });
    await assert.rejects(runCollector(memoryCgroups, host), /cgroup\.stat of the root does not say/, text);
  }
  const unlisted = temporaryHost(t, { ...V1, '/proc/cgroups': 'cpuset\t2\t1\t1\n' });
  await assert.rejects(runCollector(memoryCgroups, unlisted.host), /no row for memory/);
});

test('a cgroup without memory.stat has no duration, which is not a short one', async (t) => {
  const { host, root } = temporaryHost(t, { ...ROOT, ...parent('docker') });
  for (const cgroup of ['', 'docker']) rmSync(join(root, 'sys/fs/cgroup', cgroup, 'memory.stat'));
  assert.deepEqual(timed((await runCollector(memoryCgroups, host)).values), []);
});

test('the third column of the row of a controller', () => {
  assert.equal(parseNumCgroups(V1['/proc/cgroups'], 'memory'), 158);
  for (const text of [
    '',
    'memory\n',
    'memory\t4\n',
    'memory\t4\t\t1\n',
    'memory\t4\tmany\t1\n',
    'memory_x\t4\t1\t1\n',
  ]) {
    assert.throws(() => parseNumCgroups(text, 'memory'), /no row for memory/, text);
  }
});
