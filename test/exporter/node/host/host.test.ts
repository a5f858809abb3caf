import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Host } from '../../../../exporter/node/host/host.ts';

test('/proc and /sys may be mounted apart', () => {
  const host = new Host({ procfs: '/p', sysfs: '/s', rootfs: '/r' });
  const locate = (path: string) => {
    const { tree, path: below } = host.locate(path);
    return [tree.base, below];
  };
  assert.deepEqual(locate('/proc/1/mountinfo'), ['/p', '/1/mountinfo']);
  assert.deepEqual(locate('/proc'), ['/p', '']);
  assert.deepEqual(locate('/sys/fs/cgroup'), ['/s', '/fs/cgroup']);
  assert.deepEqual(locate('/system/sys'), ['/r', '/system/sys']);
});
