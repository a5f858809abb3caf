import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  type DaemonLookup,
  type FactContext,
  type Facts,
  MAX_AGE_SECONDS,
} from '../../../../exporter/node/inventory/facts.ts';
import {
  lookUpDaemons,
  lookUpDaemonsInSlices,
  lookUpHierarchy,
  lookUpKubelet,
  lookUpMounts,
  lookUpUnified,
  processOf,
} from '../../../../exporter/node/inventory/lookups.ts';
import type { Kubelet } from '../../../../exporter/node/kubelet/kubelet.ts';
import { countingHost } from '../host/counting-tree.ts';
import { processEntries } from '../host/process-entries.ts';
import { type Entry, temporaryHost, writeEntries } from '../host/temporary-host.ts';
import { contextOf } from '../run-collector.ts';

const OTHERS = { ...processEntries(1, 'systemd'), ...processEntries(9, 'sshd') };
const KUBELET = { daemon: 'kubelet', pid: 70, startTime: 500 } as const;
const HOST = { ...OTHERS, ...processEntries(70, 'kubelet', { startTime: 500 }) };

/** Looks up things on a host, and tells what it read for that. */
function looking(t: TestContext, entries: Record<string, Entry>) {
  const { root } = temporaryHost(t, entries);
  const look = <Value>(lookUp: (context: ReturnType<typeof contextOf>) => Value, at: number, facts: Facts = {}) => {
    const { host, asked } = countingHost(root);
    return { found: lookUp(contextOf(host, { now: () => at, facts })), reads: asked.reads.sort() };
  };
  const daemons = (at: number, facts: Facts = {}, previous?: DaemonLookup, maxAgeSeconds?: number) =>
    look((context) => lookUpDaemons(context, previous, maxAgeSeconds), at, facts);
  return { root, look, daemons };
}

const SEARCH = ['1/cgroup', '1/comm', '70/cgroup', '70/comm', '70/stat', '70/status', '9/comm'];

test('daemons that a round found cost a read each', (t) => {
  const { daemons } = looking(t, HOST);
  const searched = daemons(1000);
  assert.deepEqual(searched, { found: { foundAt: 1000, value: [KUBELET] }, reads: SEARCH });
  const given = daemons(1119, { daemons: searched.found });
  assert.deepEqual(given, { found: searched.found, reads: ['70/stat'] });
});

test('daemons are searched when the last round is too long ago', (t) => {
  const { daemons } = looking(t, HOST);
  const { found } = daemons(1000);
  assert.deepEqual(daemons(1000 + MAX_AGE_SECONDS, { daemons: found }).reads, SEARCH);
  assert.deepEqual(daemons(1010, { daemons: found }, undefined, 10).reads, SEARCH);
});

test('a daemon that was restarted is found at once, whoever has its number now', (t) => {
  const { root, daemons } = looking(t, HOST);
  const { found } = daemons(1000);
  writeEntries(root, processEntries(80, 'kubelet', { startTime: 900 }));
  rmSync(join(root, 'proc/70'), { recursive: true });
  const restarted = [{ daemon: 'kubelet', pid: 80, startTime: 900 }];
  assert.deepEqual(daemons(1001, { daemons: found }).found, { foundAt: 1001, value: restarted });
  writeEntries(root, processEntries(70, 'nginx', { startTime: 901 }));
  assert.deepEqual(daemons(1002, { daemons: found }).found, { foundAt: 1002, value: restarted });
  writeEntries(root, processEntries(70, 'kubelet', { startTime: 902 }));
  const both = daemons(1003, { daemons: found }).found.value.map(({ pid, startTime }) => [pid, startTime]);
  assert.deepEqual(both.sort(), [
    [70, 902],
    [80, 900],
  ]);
});

test("the caller's own lookup counts when it is newer than that of the round", (t) => {
  const { daemons } = looking(t, HOST);
  const own = daemons(1010).found;
  const before = { foundAt: 1000, value: [] };
  assert.deepEqual(daemons(1011, { daemons: before }, own), { found: own, reads: ['70/stat'] });
  const after = { foundAt: 1011, value: [] };
  assert.deepEqual(daemons(1012, { daemons: after }, own), { found: after, reads: [] });
  assert.deepEqual(daemons(1125, {}, own).found, own, 'no round at all');
  assert.deepEqual(daemons(1130, {}, own).reads, SEARCH);
});

test('the first process of a daemon', () => {
  const value = [
    { daemon: 'containerd', pid: 1, startTime: 0 },
    { daemon: 'kubelet', pid: 2, startTime: 0 },
    { daemon: 'kubelet', pid: 3, startTime: 0 },
  ] as const;
  assert.equal(processOf({ foundAt: 0, value }, 'kubelet')?.pid, 2);
  assert.equal(processOf({ foundAt: 0, value }, 'crio'), undefined);
});

test('mounts are those of the round, and are read when that is too long ago', (t) => {
  const mountinfo = '31 22 0:25 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw\n';
  const { root, look } = looking(t, {
    '/proc/1/mountinfo': mountinfo,
    '/sys/fs/cgroup/cgroup.controllers': 'pids memory\n',
  });
  const { found, reads } = look(lookUpMounts, 1000);
  assert.equal(found.count, 1);
  assert.deepEqual(reads, ['1/mountinfo']);
  writeFileSync(join(root, 'proc/1/mountinfo'), '');
  const facts = { mounts: { foundAt: 1000, value: found } };
  const lookUps: ((context: FactContext) => unknown)[] = [
    lookUpMounts,
    lookUpUnified,
    (context) => lookUpHierarchy(context, 'pids'),
  ];
  for (const lookUp of lookUps) {
    const given = look(lookUp, 1119, facts);
    assert.ok(given.found);
    assert.deepEqual(given.reads, [], lookUp.name);
    assert.deepEqual(look(lookUp, 1120, facts).reads, ['1/mountinfo'], lookUp.name);
  }
  assert.equal(look((context) => lookUpHierarchy(context, 'cpu'), 1001, facts).found, undefined);
});

test('the kubelet is that of the round, and is read when that is too long ago', (t) => {
  const path = '/var/lib/kubelet/config.yaml';
  const { look } = looking(t, {
    ...HOST,
    ...processEntries(70, 'kubelet', { args: [`--config=${path}`], startTime: 500 }),
    [path]: 'kubeAPIQPS: 7\n',
  });
  const read = look(lookUpKubelet, 1000);
  assert.deepEqual(read.found.process, KUBELET);
  assert.equal(read.found.configuration?.fields.kubeAPIQPS, 7);
  assert.ok(read.reads.includes(path));
  const value: Kubelet = { ...read.found, minor: 26 };
  const facts = { kubelet: { foundAt: 1000, value } };
  assert.deepEqual(look(lookUpKubelet, 1119, facts), { found: value, reads: [] });
  const anew = look(lookUpKubelet, 1120, facts);
  assert.equal(anew.found.minor, 26, 'the version is that of the same process');
  assert.ok(anew.reads.includes(path));
});

test('in a shared thread a search of many processes lets others go on after every 32 of them', async (t) => {
  const others = Array.from({ length: 1000 }, (_, index) => [`/proc/${index + 1000}/comm`, 'sh\n']);
  const { root } = temporaryHost(t, { ...HOST, ...Object.fromEntries(others) });
  const { host, asked } = countingHost(root);
  const readsPerTurn: number[] = [];
  const turn = () => {
    readsPerTurn.push(asked.reads.splice(0).length);
    timer = setImmediate(turn);
  };
  let timer = setImmediate(turn);
  const progressed: string[] = [];
  const progress = (about: string) => void progressed.push(about);
  const found = await lookUpDaemonsInSlices(contextOf(host, { progress }));
  clearImmediate(timer);
  assert.deepEqual(found, { foundAt: 1000, value: [KUBELET] });
  assert.ok(readsPerTurn.length >= 31, `${readsPerTurn.length} turns`);
  assert.ok(Math.max(...readsPerTurn) <= 2 * 32, 'two turns may pass in one slice of the search');
  assert.equal(progressed.length, 32, 'nobody takes it for stuck');
  const again = await lookUpDaemonsInSlices(contextOf(host, { facts: { daemons: found } }));
  assert.equal(again, found);
});
