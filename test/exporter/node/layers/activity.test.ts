import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Container } from '../../../../exporter/node/containers/container.ts';
import type { Host } from '../../../../exporter/node/host/host.ts';
import { lookUpHierarchy } from '../../../../exporter/node/inventory/lookups.ts';
import { activityReader, parseWriteBytes } from '../../../../exporter/node/layers/activity.ts';
import { directoryOf } from '../containers/directory-of.ts';
import { type Entry, temporaryHost } from '../host/temporary-host.ts';
import { contextOf } from '../run-collector.ts';

const ID = '3d9b2790bea83d3e4a5811aa6e889fd65b0a930f5e6e959e213c52ec6131c9b2';
const CONTAINER: Container = { id: ID, runtime: 'docker', namespace: '', pod: '', container: 'web' };

/** The activity on a host whose CPU time is accounted by this controller. */
function activityOf(host: Host, controller = 'cpuacct') {
  return activityReader(host, directoryOf(CONTAINER), lookUpHierarchy(contextOf(host), controller))(CONTAINER);
}

function io(writeBytes: number): string {
  return `rchar: 45201\nwchar: 7754\nsyscr: 34\nsyscw: 7\nread_bytes: 0\nwrite_bytes: ${writeBytes}\ncancelled_write_bytes: 4096\n`;
}

test('bytes written by a process', () => {
  assert.equal(parseWriteBytes(io(323932160)), 323932160);
  assert.equal(parseWriteBytes('wchar: 7754\ncancelled_write_bytes: 4096\n'), 0);
  assert.equal(parseWriteBytes(''), 0);
});

test('on cgroup v1', (t) => {
  const entries: Record<string, Entry> = {
    '/proc/1/mountinfo': '33 31 0:30 / /sys/fs/cgroup/cpuacct rw - cgroup cgroup rw,cpuacct\n',
    [`/sys/fs/cgroup/cpuacct/docker/${ID}/cpuacct.usage`]: '31078230415\n',
    [`/sys/fs/cgroup/cpuacct/docker/${ID}/cgroup.procs`]: '11\n12\n13\n',
    '/proc/11/io': io(4096),
    '/proc/12/io': io(8192),
  };
  const { host } = temporaryHost(t, entries);
  assert.deepEqual(activityOf(host), { cpu: 31078230415, written: 12288 });
});

test('on cgroup v2', (t) => {
  const scope = `/sys/fs/cgroup/system.slice/docker-${ID}.scope`;
  const { host } = temporaryHost(t, {
    '/proc/1/mountinfo': '31 22 0:25 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n',
    '/sys/fs/cgroup/cgroup.controllers': 'cpu memory pids\n',
    [`${scope}/cpu.stat`]: 'usage_usec 100318374\nuser_usec 1\nsystem_usec 2\n',
    [`${scope}/cgroup.procs`]: '',
  });
  assert.deepEqual(activityOf(host, 'cpu'), { cpu: 100318374, written: 0 });
});

test('what may not be read is not known', (t) => {
  const { host } = temporaryHost(t, {
    '/proc/1/mountinfo': '33 31 0:30 / /sys/fs/cgroup/cpuacct rw - cgroup cgroup rw,cpuacct\n',
    [`/sys/fs/cgroup/cpuacct/docker/${ID}/cgroup.procs`]: '11\n',
    // A directory cannot be read as a file, whoever reads it.
    '/proc/11/io/directory': '',
  });
  assert.deepEqual(activityOf(host), { cpu: undefined, written: undefined });
});

test('a container without a cgroup has no activity, and so has one on a host without cgroups', (t) => {
  const none = { cpu: undefined, written: undefined };
  const mounts = '33 31 0:30 / /sys/fs/cgroup/cpuacct rw - cgroup cgroup rw,cpuacct\n';
  const { host } = temporaryHost(t, { '/proc/1/mountinfo': mounts, '/sys/fs/cgroup/cpuacct/cpuacct.usage': '1\n' });
  assert.deepEqual(activityOf(host), none);
  assert.deepEqual(activityOf(temporaryHost(t, {}).host), none);
});
