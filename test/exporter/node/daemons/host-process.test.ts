import assert from 'node:assert/strict';
import { chmodSync, chownSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { standingOf } from '../../../../exporter/node/daemons/host-process.ts';
import { missing } from '../../../programs.ts';
import { processEntries } from '../host/process-entries.ts';
import { type Entry, temporaryHost, writeEntries } from '../host/temporary-host.ts';

const ID = 'c65139d81241cbbffa6f63c82e18d5db57b84df6f741a4c3f5029e83273a1e88';
const INIT = processEntries(1, 'systemd', { cgroup: '/init.scope' });

type Process = Parameters<typeof processEntries>[2];

/** How a process with the name of a kubelet stands on a host whose process 1 is `init`. */
function standing(t: TestContext, process: Process, entries: Record<string, Entry> = {}, init: typeof INIT = INIT) {
  const { host } = temporaryHost(t, { ...init, ...processEntries(42, 'kubelet', process), ...entries });
  return standingOf(host, 42);
}

const linked = (own: string) => ({
  '/proc/1/ns/pid': { link: 'pid:[4026531836]' },
  '/proc/42/ns/pid': { link: own },
});

test('a daemon of the host', (t) => {
  for (const cgroup of [
    '/',
    '/system.slice/kubelet.service',
    '/podruntime/kubelet',
    '/user.slice/user-0.slice/session-1.scope',
    '/lxc.monitor.web',
    '/system.slice/docker.service',
  ]) {
    assert.equal(standing(t, { cgroup }), 'host', cgroup);
  }
  assert.equal(standing(t, {}, linked('pid:[4026531836]')), 'host');
});

test('no process of a container of any runtime, known or not', (t) => {
  for (const cgroup of [
    `/docker/${ID}`,
    `/system.slice/docker-${ID}.scope`,
    `/kubepods/besteffort/pod5a4f5c2e-9d1b-4d8e-8f5c-0c1f6b7e2d3a/${ID}`,
    `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod5a4f.slice/cri-containerd-${ID}.scope`,
    `/kubepods-besteffort-pod5a4f.slice:cri-containerd:${ID}`,
    `/machine.slice/libpod-${ID}.scope/container`,
    `/libpod_parent/libpod-${ID}`,
    '/lxc/web',
    '/lxc.payload.web/system.slice/kubelet.service',
    '/lxc.payload/web',
    '/machine.slice/machine-guest.scope/payload',
    '/machine.slice/systemd-nspawn@guest.service',
    '/docker/buildkit/abcdef0123456789abcdef012',
    '/kubepods/burstable/pod5a4f5c2e-9d1b-4d8e-8f5c-0c1f6b7e2d3a',
  ]) {
    assert.equal(standing(t, { cgroup, namespacePids: [42, 1] }), undefined, cgroup);
    assert.equal(standing(t, { cgroup, namespacePids: [] }), undefined, `${cgroup}, namespace unknown`);
  }
});

test('no process of another PID namespace, whatever its cgroup', (t) => {
  assert.equal(standing(t, { namespacePids: [42, 7] }), undefined);
  assert.equal(standing(t, {}, linked('pid:[4026532999]')), undefined);
});

test('a container on the PID namespace of the host, unless it is of a pod', (t) => {
  assert.equal(standing(t, { cgroup: `/docker/${ID}` }), 'container on the host');
  assert.equal(standing(t, { cgroup: `/docker/${ID}` }, linked('pid:[4026531836]')), 'container on the host');
  assert.equal(standing(t, { cgroup: `/kubepods/burstable/pod5a4f/${ID}` }), undefined, 'hostPID: true');
});

test('a node within a container is the host of what runs in it', (t) => {
  const init = processEntries(1, 'systemd', { cgroup: `/docker/${ID}/init.scope` });
  const own = (cgroup: string) => standing(t, { cgroup: `/docker/${ID}${cgroup}` }, {}, init);
  assert.equal(own('/system.slice/kubelet.service'), 'host');
  assert.equal(own(`/kubelet/kubepods/besteffort/pod5a4f/${ID.replace('c', 'd')}`), undefined);
  assert.equal(standing(t, { cgroup: `/docker/${ID.replace('c', 'd')}`, namespacePids: [] }, {}, init), undefined);
});

test('no process that a user started, also by a setuid program', { skip: missing([], { root: true }) }, (t) => {
  assert.equal(
    standing(t, { uids: [1000, 0, 0, 0] }),
    undefined,
    'a setuid program has the real user of who started it',
  );
  assert.equal(standing(t, { cgroup: '/user.slice/user-1000.slice/session-3.scope' }), undefined);
  const { host, root } = temporaryHost(t, { ...INIT, ...processEntries(42, 'kubelet', { uids: [] }), '/sudo': '' });
  assert.equal(standingOf(host, 42), 'host');
  writeEntries(root, { '/proc/42/exe': { link: join(root, 'sudo') } });
  chmodSync(join(root, 'sudo'), 0o4755);
  assert.equal(standingOf(host, 42), undefined, 'sudo is root before it has asked for the password');
  chmodSync(join(root, 'sudo'), 0o755);
  writeEntries(root, { '/proc/42/cgroup': '0::/user.slice/user-1000.slice/session-3.scope\n' });
  assert.equal(standingOf(host, 42), 'host', 'root started it by sudo');
  chownSync(join(root, 'proc/42'), 1000, 1000);
  assert.equal(standingOf(host, 42), undefined);
});

test('a process that has ended has no standing', (t) => {
  const { host, root } = temporaryHost(t, { ...INIT, ...processEntries(42, 'kubelet') });
  rmSync(join(root, 'proc/42'), { recursive: true });
  assert.equal(standingOf(host, 42), undefined);
});
