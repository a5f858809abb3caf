import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { daemons } from '../../../../exporter/node/collectors/daemons.ts';
import { processEntries } from '../host/process-entries.ts';
import { type Entry, temporaryHost, writeEntries } from '../host/temporary-host.ts';
import { runCollector } from '../run-collector.ts';

/** A thread that has waited so many seconds for a CPU in five turns. */
function thread(pid: number, tid: number, state: string, delaySeconds: number): Record<string, Entry> {
  return {
    [`/proc/${pid}/task/${tid}/stat`]: `${tid} (thread) ${state} 1 2626 1320 0 -1\n`,
    [`/proc/${pid}/task/${tid}/schedstat`]: `81910588 ${delaySeconds * 1e9} 5\n`,
  };
}

const KUBELET = { ...processEntries(70, 'kubelet', { cgroup: '/kubelet.service' }), ...thread(70, 70, 'D', 2) };
const CONTAINERD = {
  ...processEntries(80, 'containerd', { cgroup: '/containerd.service' }),
  ...thread(80, 80, 'S', 0),
};

const METRICS = ['daemon_blocked_seconds_total', 'daemon_longest_block_seconds', 'daemon_run_delay_seconds_total'];
const zeroes = (daemon: string) => Object.fromEntries(METRICS.map((name) => [`${name}{daemon="${daemon}"}`, 0]));

test('the first run has values at once, which count from then on', async (t) => {
  const { host } = temporaryHost(t, { ...KUBELET, ...CONTAINERD });
  const { values, faults, absent } = await runCollector(daemons, host);
  assert.deepEqual(values, { ...zeroes('kubelet'), ...zeroes('containerd') });
  assert.deepEqual([faults, absent], [[], []]);
});

test('a host without daemons has no series', async (t) => {
  const { host } = temporaryHost(t, processEntries(70, 'sleep'));
  const { values, faults, absent } = await runCollector(daemons, host);
  assert.deepEqual([values, faults, absent], [{}, [], ['a kubelet, containerd, dockerd or crio']]);
});

test('without /proc the run fails', async (t) => {
  const { host, root } = temporaryHost(t, KUBELET);
  rmSync(join(root, 'proc'), { recursive: true });
  await assert.rejects(runCollector(daemons, host), /ENOENT.*\/proc/);
});

test('a schedstat line that makes no sense makes the run fail', async (t) => {
  const { host } = temporaryHost(t, { ...KUBELET, '/proc/70/task/70/schedstat': '1 2\n' });
  await assert.rejects(runCollector(daemons, host), /not a \/proc\/PID\/schedstat line: "1 2\\n"/);
});

test('a thread that cannot be looked at is a fault, and hides no other daemon', async (t) => {
  const { host, root } = temporaryHost(t, { ...KUBELET, ...CONTAINERD });
  writeEntries(root, { '/proc/80/task/81/stat': { link: 'stat' } });
  const { values, faults } = await runCollector(daemons, host);
  assert.deepEqual(values, { ...zeroes('kubelet'), ...zeroes('containerd') });
  assert.match(faults.join('\n'), /^the threads of daemons: ELOOP[^\n]*$/);
});

/** The looks of a run are a second apart: it takes 14. */
test('a run adds up what it saw; a daemon that ended has no series, as long as it does not run', async (t) => {
  const { host, root } = temporaryHost(t, { ...KUBELET, ...CONTAINERD });
  const first = await runCollector(daemons, host);
  for (const entries of [thread(70, 70, 'D', 5), thread(70, 71, 'S', 0.25)]) writeEntries(root, entries);
  rmSync(join(root, 'proc/80'), { recursive: true });
  const { values, faults } = await runCollector(daemons, host, { previous: first.state });
  const [blocked, longest] = METRICS.map((name) => Number(values[`${name}{daemon="kubelet"}`]));
  assert.equal(Object.keys(values).length, METRICS.length);
  // What one waited since the first run, and all that one waited that is new.
  assert.equal(values['daemon_run_delay_seconds_total{daemon="kubelet"}'], 3.25);
  assert.ok(blocked !== undefined && blocked >= 14, `${blocked} s`);
  assert.equal(longest, blocked);
  assert.deepEqual(faults, []);
});
