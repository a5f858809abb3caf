import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { containerCgroups } from '../../../../exporter/node/containers/container-cgroups.ts';
import { Host } from '../../../../exporter/node/host/host.ts';
import {
  CGROUP_FILE_SYSTEMS,
  cgroupPaths,
  findHierarchy,
  findUnified,
  parseFlatKeyed,
} from '../../../../exporter/node/kernel/cgroups.ts';
import { readMountTable } from '../../../../exporter/node/kernel/mountinfo.ts';
import { FIXTURES } from '../../../paths.ts';
import { directoryOf } from '../containers/directory-of.ts';
import { temporaryHost } from '../host/temporary-host.ts';

const PURE_V2 = '31 22 0:25 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw\n';
const HYBRID = `31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
33 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct
38 31 0:35 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
`;

const mountsOf = (host: Host) => readMountTable(host, CGROUP_FILE_SYSTEMS).mounts;
const hierarchyOf = (host: Host, controller: string) => findHierarchy(host, mountsOf(host), controller);

test('a controller is accounted in its own cgroup v1 mount', (t) => {
  const { host, root } = temporaryHost(t, {
    '/proc/1/mountinfo': HYBRID,
    '/sys/fs/cgroup/unified/cgroup.controllers': 'pids\n',
  });
  const memory = hierarchyOf(host, 'memory');
  assert.equal(memory?.version, 1);
  assert.equal(memory?.tree.base, join(root, 'sys/fs/cgroup/memory'));
  assert.equal(hierarchyOf(host, 'cpu')?.tree.base, join(root, 'sys/fs/cgroup/cpu,cpuacct'));
});

test('what cgroup v1 has not may be on cgroup v2', (t) => {
  const { host, root } = temporaryHost(t, {
    '/proc/1/mountinfo': HYBRID,
    '/sys/fs/cgroup/unified/cgroup.controllers': 'pids rdma\n',
  });
  assert.deepEqual(
    ['pids', 'hugetlb', 'rd'].map((controller) => hierarchyOf(host, controller)?.version),
    [2, undefined, undefined],
  );
  assert.equal(hierarchyOf(host, 'pids')?.tree.base, join(root, 'sys/fs/cgroup/unified'));
  assert.equal(findUnified(host, mountsOf(host))?.base, join(root, 'sys/fs/cgroup/unified'));
});

test('cgroup v2 has the controllers that its root lists', (t) => {
  const cgroups = { '/sys/fs/cgroup/cgroup.controllers': 'cpuset cpu io memory pids\n' };
  const { host } = temporaryHost(t, { '/proc/1/mountinfo': PURE_V2, ...cgroups });
  assert.equal(hierarchyOf(host, 'memory')?.version, 2);
  assert.equal(hierarchyOf(host, 'cpuacct'), undefined);
});

test('a host without cgroups has no hierarchy', (t) => {
  const { host } = temporaryHost(t, {});
  assert.equal(hierarchyOf(host, 'memory'), undefined);
  assert.equal(findUnified(host, mountsOf(host)), undefined);
});

test('the cgroups of the recorded containerd host', () => {
  const fixture = join(FIXTURES, 'host-containerd-cgroup1');
  const host = new Host({ procfs: `${fixture}/proc`, sysfs: `${fixture}/sys`, rootfs: fixture });
  const pids = hierarchyOf(host, 'pids');
  assert.equal(pids?.version, 1);
  const paths = [...cgroupPaths(pids.tree)];
  const pod = '/kubepods/besteffort/podaa981dc0-c6aa-4b13-b73c-66a6f550d7b0';
  assert.equal(paths[0], '');
  assert.ok(paths.indexOf('/kubepods') < paths.indexOf('/kubepods/besteffort'));
  const id = '3d9b2790bea83d3e4a5811aa6e889fd65b0a930f5e6e959e213c52ec6131c9b2';
  const container = { id, runtime: 'containerd', namespace: 'shop', pod: 'croner', container: 'cron' } as const;
  assert.deepEqual([...containerCgroups(pids.tree, directoryOf(container))], [{ path: `${pod}/${id}`, container }]);
});

test('flat keyed files, other lines passed over', () => {
  const text =
    'nr_descendants 6\nnr_dying_descendants 105\nsome avg10=0.00\nmax\n max 3\nmax -3\nlow 18446744073709551615\nmax 7';
  assert.deepEqual(
    [...parseFlatKeyed(text)],
    [
      ['nr_descendants', 6],
      ['nr_dying_descendants', 105],
      ['low', 2 ** 64],
      ['max', 7],
    ],
  );
  assert.equal(parseFlatKeyed('').size, 0);
});
