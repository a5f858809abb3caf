import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { memoryCgroups } from '../../../../exporter/node/collectors/memory-cgroups.ts';
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
