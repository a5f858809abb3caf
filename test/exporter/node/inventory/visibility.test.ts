import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Host } from '../../../../exporter/node/host/host.ts';
import { hiddenTrees } from '../../../../exporter/node/inventory/visibility.ts';
import { type Entry, temporaryDirectory, writeEntries } from '../host/temporary-host.ts';

const FILES = { '/proc/1/comm': 'init\n', '/root/etc/hostname': 'node-a\n' };

function hostWith(root: string, rootfs = `${root}/root`): Host {
  return new Host({ procfs: `${root}/proc`, sysfs: `${root}/sys`, rootfs });
}

const reasons = (host: Host, mounts?: number) =>
  hiddenTrees(host, mounts).map(({ tree, reason }) => `${tree}: ${reason}`);

/** Entries beside those of a host, what is deleted, how many mounts there are, and what is hidden. */
const CASES: Record<string, [entries: Record<string, Entry>, deleted: string[], mounts: number | undefined, string[]]> =
  {
    'a host': [{}, [], 30, []],
    'a host whose mounts cannot be read': [{}, [], undefined, []],
    'a /proc without process 1': [{}, ['proc/1'], 30, ['procfs: it has no process 1']],
    'no /proc': [{}, ['proc'], undefined, ['procfs: it has no process 1']],
    'a process 1 without mounts': [{}, [], 0, ['procfs: its process 1 has no mounts']],
    'a namespace in which the exporter is process 1': [
      { '/proc/self': { link: '1' } },
      [],
      30,
      ['procfs: its process 1 is the exporter itself'],
    ],
    'the exporter as another process of the host': [{ '/proc/self': { link: '12' } }, [], 30, []],
    'a root that is lost': [{}, ['root/etc'], 30, ['rootfs: the directory is empty']],
    'a root that never was': [{}, ['root'], 30, ['rootfs: there is no such directory']],
    'a root that is a file': [{ '/root': 'text' }, [], 30, ['rootfs: there is no such directory']],
  };

for (const [what, [entries, deleted, mounts, hidden]] of Object.entries(CASES)) {
  test(`what is to be seen of ${what}`, (t) => {
    const root = temporaryDirectory(t);
    writeEntries(root, '/root' in entries ? { '/proc/1/comm': 'init\n', ...entries } : { ...FILES, ...entries });
    for (const path of deleted) rmSync(join(root, path), { recursive: true });
    assert.deepEqual(reasons(hostWith(root), mounts), hidden);
  });
}

test('the root of the own container is not that of the host, where process 1 has another', (t) => {
  const root = temporaryDirectory(t);
  writeEntries(root, { ...FILES, '/proc/1/root': { link: `${root}/root` } });
  assert.deepEqual(reasons(hostWith(root, '/'), 30), [
    "rootfs: it is the root directory of the exporter's own container",
  ]);
  assert.deepEqual(reasons(hostWith(root), 30), []);
  rmSync(join(root, 'proc/1/root'));
  assert.deepEqual(reasons(hostWith(root, '/'), 30), [], 'where that of process 1 is not to be seen');
  writeEntries(root, { '/proc/1/root': { link: '/' } });
  assert.deepEqual(reasons(hostWith(root, '/'), 30), [], 'on the host itself');
});

test('everything may be hidden at once', (t) => {
  const reason = reasons(hostWith(join(temporaryDirectory(t), 'nowhere')));
  assert.deepEqual(reason, ['procfs: it has no process 1', 'rootfs: there is no such directory']);
});
