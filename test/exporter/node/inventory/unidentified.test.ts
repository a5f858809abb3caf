import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readMounts } from '../../../../exporter/node/inventory/mount-facts.ts';
import { idsOfCgroups } from '../../../../exporter/node/inventory/unidentified.ts';
import { temporaryHost } from '../host/temporary-host.ts';

const [A, B, C, D, E, F] = ['a', 'b', 'c', 'd', 'e', 'f'].map((digit) => digit.repeat(64));
const RUNNING = 'populated 1\nfrozen 0\n';
const V1 = '33 31 0:30 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n';
const V2 = '31 22 0:25 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n';

const ON_V2 = {
  '/proc/1/mountinfo': V2,
  '/sys/fs/cgroup/cgroup.controllers': 'cpu memory pids\n',
  [`/sys/fs/cgroup/system.slice/docker-${A}.scope/cgroup.events`]: RUNNING,
  [`/sys/fs/cgroup/system.slice/docker-${A}.scope/docker/${B}/cgroup.events`]: RUNNING,
  [`/sys/fs/cgroup/kubepods.slice/kubepods-pod1.slice/cri-containerd-${C}.scope/cgroup.events`]: RUNNING,
  [`/sys/fs/cgroup/kubepods.slice/kubepods-pod1.slice/cri-containerd-${D}.scope/cgroup.events`]: 'populated 0\n',
  [`/sys/fs/cgroup/machine.slice/libpod-${E}.scope/cgroup.events`]: RUNNING,
  [`/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/user.slice/docker-${F}.scope/cgroup.events`]: RUNNING,
  [`/sys/fs/cgroup/system.slice/crio-conmon-${F}.scope/cgroup.events`]: RUNNING,
};

test('containers that run, but not those in containers, of Podman, of users or without processes', (t) => {
  const { host } = temporaryHost(t, ON_V2);
  assert.deepEqual([...idsOfCgroups(host, readMounts(host).facts.cgroups)].sort(), [A, C]);
});

test('the own mounts show them where those of the host may not be read', (t) => {
  const { host } = temporaryHost(t, { ...ON_V2, '/proc/self/mountinfo': V2 });
  assert.deepEqual([...idsOfCgroups(host, undefined)].sort(), [A, C]);
});

test('on cgroup v1', (t) => {
  const { host } = temporaryHost(t, {
    '/proc/1/mountinfo': V1,
    [`/sys/fs/cgroup/memory/docker/${A}/cgroup.procs`]: '17\n',
    [`/sys/fs/cgroup/memory/docker/${B}/cgroup.procs`]: '',
  });
  assert.deepEqual([...idsOfCgroups(host, readMounts(host).facts.cgroups)], [A]);
});

test('none without cgroups', (t) => {
  const { host } = temporaryHost(t, {});
  assert.deepEqual([...idsOfCgroups(host, [])], []);
});
