import assert from 'node:assert/strict';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ContainerDirectory } from '../../../../exporter/node/containers/directory.ts';
import { type Sighting, sight } from '../../../../exporter/node/daemons/sighting.ts';
import { temporaryHost } from '../host/temporary-host.ts';

const NONE = { '/proc/1/comm': 'systemd\n' };
const KUBELET = { '/proc/1/comm': 'systemd\n', '/proc/70/comm': 'kubelet\n', '/proc/70/cgroup': '0::/kubelet\n' };

const containers = new ContainerDirectory();
const look = (host: ReturnType<typeof temporaryHost>['host'], at: number, previous?: Sighting) =>
  sight({ host, containers, now: () => at }, 'kubelet', previous, 60);

test('a daemon that is found is not searched again before it has gone', (t) => {
  const { host, root } = temporaryHost(t, KUBELET);
  const first = look(host, 1000);
  assert.deepEqual(first, { at: 1000, pid: 70 });
  cpSync(join(root, 'proc/70'), join(root, 'proc/60'), { recursive: true });
  assert.equal(look(host, 9000, first), first);
  writeFileSync(join(root, 'proc/70/comm'), 'another\n');
  assert.deepEqual(look(host, 9001, first), { at: 9001, pid: 60 });
  rmSync(join(root, 'proc/60'), { recursive: true });
  assert.deepEqual(look(host, 9002, first), { at: 9002, pid: undefined });
});

test('a daemon that is not found is searched again when the patience is over', (t) => {
  const first = look(temporaryHost(t, NONE).host, 1000);
  assert.deepEqual(first, { at: 1000, pid: undefined });
  const { host } = temporaryHost(t, KUBELET);
  assert.equal(look(host, 1059, first), first);
  assert.deepEqual(look(host, 1060, first), { at: 1060, pid: 70 });
});
