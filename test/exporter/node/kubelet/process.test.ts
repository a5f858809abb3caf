import assert from 'node:assert/strict';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ContainerDirectory } from '../../../../exporter/node/containers/directory.ts';
import { findKubelet } from '../../../../exporter/node/kubelet/process.ts';
import { contextOf } from '../collect.ts';
import { temporaryHost } from '../host/temporary-host.ts';

const KUBELET = { '/proc/42/comm': 'kubelet\n', '/proc/42/cmdline': 'kubelet\0--v=2\0' };
const ID = 'ab'.repeat(32);

test('the kubelet of the host, not one in a container', (t) => {
  const container = { id: ID, runtime: 'docker', namespace: '', pod: '', container: 'kind' } as const;
  const containers = new ContainerDirectory({ containers: [container], pods: [] });
  const { host } = temporaryHost(t, {
    '/proc/7/comm': 'kubelet\n',
    '/proc/7/cmdline': 'kubelet\0',
    '/proc/7/cgroup': `0::/docker/${ID}/kubelet\n`,
    ...KUBELET,
  });
  assert.deepEqual(findKubelet(contextOf(host, { containers })).kubelet, { pid: 42, args: ['--v=2'] });
});

test('it is looked for again when it is gone, and after five minutes', (t) => {
  const later = { '/later/comm': 'kubelet\n', '/later/cmdline': 'kubelet\0' };
  const { host, root } = temporaryHost(t, { ...KUBELET, ...later });
  const at = (now: number) => contextOf(host, { now: () => now });
  const first = findKubelet(at(1000));
  assert.deepEqual(first.look, { pid: 42, at: 1000 });
  writeFileSync(join(root, 'proc/42/cmdline'), 'kubelet\0--v=3\0');
  assert.deepEqual(findKubelet(at(1010), first.look), { kubelet: { pid: 42, args: ['--v=3'] }, look: first.look });

  rmSync(join(root, 'proc/42'), { recursive: true });
  const gone = findKubelet(at(1020), first.look);
  assert.deepEqual(gone, { kubelet: undefined, look: { pid: undefined, at: 1020 } });

  cpSync(join(root, 'later'), join(root, 'proc/43'), { recursive: true });
  assert.equal(findKubelet(at(1319), gone.look).kubelet, undefined);
  assert.equal(findKubelet(at(1320), gone.look).kubelet?.pid, 43);
});

test('a number that went to another process is not the kubelet', (t) => {
  const { host, root } = temporaryHost(t, KUBELET);
  const { look } = findKubelet(contextOf(host));
  writeFileSync(join(root, 'proc/42/comm'), 'sleep\n');
  assert.equal(findKubelet(contextOf(host), look).kubelet, undefined);
});
