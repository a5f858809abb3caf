import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Host } from '../../../../exporter/node/host/host.ts';
import {
  mountOption,
  parseMountinfo,
  readMountTable,
  unescapeMount,
} from '../../../../exporter/node/kernel/mountinfo.ts';
import { anyCharacter, anyTextWith } from '../../../any-text.ts';
import { temporaryHost } from '../host/temporary-host.ts';

const SNAPSHOTS = '/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots';

/** Recorded lines but for the second and the last two, which are cut off or not mounts at all. */
const SAMPLE = `27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard,resv_strict,resuid=65534,resgid=65534
31 23 0:28 / /sys/fs/cgroup rw,rel
39 31 0:36 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids
40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd
42 27 254:0 /var/lib/docker /var/lib/docker rw,relatime shared:1 master:7 - ext4 /dev/vda rw,discard
77 29 0:4 net:[4026532330] /run/docker/netns/4483da324dd1 rw shared:21 - nsfs nsfs rw
126 27 0:76 / /run/a/rootfs rw - overlay overlay rw,lowerdir=${SNAPSHOTS}/32/fs,upperdir=${SNAPSHOTS}/121/fs,workdir=${SNAPSHOTS}/121/work
471 470 0:25 /../.. /host/cgroup ro,relatime - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot
- - - - - - -

`;

/** As the kernel does (fs/proc_namespace.c, mangle). */
function escapeMount(path: string): string {
  return path.replaceAll(/[ \t\n\\#]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`);
}

const path = fc
  .string({
    unit: fc.oneof(anyCharacter, fc.constantFrom(' ', '\t', '\n', '\\', '#', '040', '-', ',')),
  })
  .map((name) => `/${name.replaceAll('\0', '')}`);

test('a recorded table with broken lines in it', () => {
  const { mounts } = parseMountinfo(SAMPLE, ['ext4', 'cgroup', 'cgroup2', 'nsfs', 'overlay', '-']);
  assert.deepEqual(
    mounts.map(({ root, mountPoint, fileSystem }) => [root, mountPoint, fileSystem]),
    [
      ['/', '/', 'ext4'],
      ['/', '/sys/fs/cgroup/pids', 'cgroup'],
      ['/', '/sys/fs/cgroup/systemd', 'cgroup'],
      ['/var/lib/docker', '/var/lib/docker', 'ext4'],
      ['net:[4026532330]', '/run/docker/netns/4483da324dd1', 'nsfs'],
      ['/', '/run/a/rootfs', 'overlay'],
      ['/../..', '/host/cgroup', 'cgroup2'],
    ],
  );
});

test('every line counts, and those of other file systems are passed over', () => {
  const { count, mounts } = parseMountinfo(SAMPLE, ['overlay', 'cgroup']);
  assert.equal(count, 9);
  assert.deepEqual(
    mounts.map(({ mountPoint }) => mountPoint),
    ['/sys/fs/cgroup/pids', '/sys/fs/cgroup/systemd', '/run/a/rootfs'],
  );
  assert.deepEqual(parseMountinfo('', ['overlay']), { count: 0, mounts: [] });
  assert.deepEqual(parseMountinfo('one\ntwo', ['overlay']), { count: 2, mounts: [] });
  assert.deepEqual(parseMountinfo(SAMPLE, []), { count: 9, mounts: [] });
});

test('options of a file system', () => {
  const option = (options: string, name: string) =>
    mountOption({ root: '/', mountPoint: '/', fileSystem: 'overlay', options }, name);
  assert.equal(option('rw,pids', 'pids'), '');
  assert.equal(option('rw,cpuacct', 'cpu'), undefined);
  assert.equal(option('rw,name=systemd', 'name'), 'systemd');
  assert.equal(option('rw,upperdir=', 'upperdir'), '');
  assert.equal(
    option('rw,lowerdir=/upperdir=/x,upperdir=/data\\054\\0401/diff,workdir=/w', 'upperdir'),
    '/data, 1/diff',
  );
  assert.equal(option('', 'rw'), undefined);
});

test('any path is read back from the line of its mount', () => {
  const tags = fc.array(fc.constantFrom('shared:1', 'master:2', 'propagate_from:3', 'unbindable'));
  fc.assert(
    fc.property(
      path,
      path,
      tags,
      fc.constantFrom('overlay', 'fuse.sshfs'),
      path,
      (root, mountPoint, tags, type, upper) => {
        const fields = ['36', '35', '98:0', escapeMount(root), escapeMount(mountPoint), 'rw,noatime', ...tags];
        const options = `rw,upperdir=${escapeMount(upper).replaceAll(',', '\\054')},index=off`;
        // An empty source leaves two spaces.
        const { count, mounts } = parseMountinfo(`${fields.join(' ')} - ${type}  ${options}\n`, [type]);
        const [mount, ...more] = mounts;
        assert.equal(count, 1);
        assert.deepEqual(mount, { root, mountPoint, fileSystem: type, options });
        assert.deepEqual(more, []);
        assert.equal(mount && mountOption(mount, 'upperdir'), upper);
      },
    ),
  );
});

test('any text is a table of mounts', () => {
  const text = anyTextWith('36', ' ', ' - ', '-', ' - x ', '/mnt', '\\04', '\\777', '\n', 'rw,a=b', '');
  fc.assert(
    fc.property(text, (text) => {
      const { count, mounts } = parseMountinfo(text, ['x', '/mnt']);
      assert.equal(count, text.split('\n').filter(Boolean).length);
      for (const mount of mounts) {
        assert.ok(['x', '/mnt'].includes(mount.fileSystem));
        mountOption(mount, 'a');
      }
      unescapeMount(text);
    }),
  );
});

test("the first process's mounts, our own when they may not be seen", (t) => {
  const line = (mountPoint: string) => `27 1 254:0 / ${mountPoint} rw - ext4 /dev/vda rw\n`;
  const both = temporaryHost(t, { '/proc/1/mountinfo': line('/first'), '/proc/self/mountinfo': line('/own') }).host;
  const own = temporaryHost(t, { '/proc/self/mountinfo': line('/own') }).host;
  const mountPoints = (host: Host) => readMountTable(host, ['ext4']).mounts.map(({ mountPoint }) => mountPoint);
  assert.deepEqual(mountPoints(both), ['/first']);
  assert.deepEqual(mountPoints(own), ['/own']);
});
