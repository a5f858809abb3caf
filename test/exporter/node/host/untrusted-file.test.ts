import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isAbsence } from '../../../../exporter/node/host/absence.ts';
import { Tree } from '../../../../exporter/node/host/tree.ts';
import { FileRefused, readNamedByUser } from '../../../../exporter/node/host/untrusted-file.ts';
import { temporaryDirectory, temporaryHost } from './temporary-host.ts';

const openDescriptors = () => readdirSync('/proc/self/fd').length;

const isRefused = (reason: FileRefused['reason']) => (error: unknown) =>
  error instanceof FileRefused && error.reason === reason;

test('links are followed within the tree, as the host would', (t) => {
  const { host } = temporaryHost(t, {
    '/etc/kubelet/config.yaml': 'a: 1',
    '/absolute': { link: '/etc/kubelet/config.yaml' },
    '/dir': { link: 'etc/kubelet' },
    '/etc/up': { link: '../../../../etc/kubelet' },
  });
  const before = openDescriptors();
  for (const path of ['/etc/kubelet/config.yaml', 'absolute', '/dir/config.yaml', '/etc/up/../kubelet/./config.yaml']) {
    assert.equal(host.rootfs.readUntrusted(path), 'a: 1', path);
  }
  assert.equal(new Tree('/').readUntrusted('/proc/self/comm').length > 0, true, 'a file of /proc has the size 0');
  assert.equal(openDescriptors(), before);
});

test('no link leads out of the tree', (t) => {
  const outside = temporaryDirectory(t);
  writeFileSync(join(outside, 'secret'), 'outside');
  const { host, root } = temporaryHost(t, {
    '/a/absolute': { link: join(outside, 'secret') },
    '/a/up': { link: `../../../../../../../..${outside}/secret` },
    '/a/dir': { link: outside },
  });
  for (const path of ['/a/absolute', '/a/up', '/a/dir/secret', `/../../../../..${outside}/secret`]) {
    assert.throws(() => host.rootfs.readUntrusted(path), isAbsence, path);
  }
  symlinkSync('/proc/self/root', join(root, 'magic'));
  assert.throws(() => host.rootfs.readUntrusted(`/magic${outside}/secret`), isAbsence);
});

test('what is not a regular file is neither opened nor waited for', (t) => {
  const { host, root } = temporaryHost(t, { '/directory/x': '', '/to-zero': { link: '/dev/zero' } });
  execFileSync('mkfifo', [join(root, 'fifo')]);
  for (const path of ['/fifo', '/directory', '/']) {
    assert.throws(() => host.rootfs.readUntrusted(path), isRefused('not_regular'), path);
  }
  assert.throws(() => host.rootfs.readUntrusted('/to-zero'), isAbsence, 'the tree has no /dev/zero');
  assert.throws(() => new Tree('/').readUntrusted('/dev/zero'), isRefused('not_regular'));
  assert.throws(() => new Tree('/').readUntrusted(join(root, 'to-zero')), isRefused('not_regular'));
});

test('a file is read up to its limit, whatever size it says', (t) => {
  const { host, root } = temporaryHost(t, { '/ten': '0123456789', '/endless': '' });
  assert.equal(host.rootfs.readUntrusted('/ten', 10), '0123456789');
  assert.throws(() => host.rootfs.readUntrusted('/ten', 9), isRefused('too_large'));
  truncateSync(join(root, 'endless'), 1024 ** 4);
  assert.throws(() => host.rootfs.readUntrusted('/endless'), isRefused('too_large'));
  const statusLength = new Tree('/proc/self').readUntrusted('status').length;
  assert.ok(statusLength > 100);
  assert.throws(() => new Tree('/proc/self').readUntrusted('status', 100), isRefused('too_large'), 'its size is 0');
  appendFileSync(join(root, 'ten'), '0');
  assert.throws(() => host.rootfs.readUntrusted('/ten', 10), isRefused('too_large'));
});

test('links in a circle, and paths that are too deep', (t) => {
  const { host, root } = temporaryHost(t, { '/a': { link: 'b' }, '/b': { link: 'a' } });
  assert.throws(() => host.rootfs.readUntrusted('/a'), /ELOOP/);
  const deep = Array.from({ length: 70 }, () => 'd').join('/');
  mkdirSync(join(root, deep), { recursive: true });
  writeFileSync(join(root, deep, 'file'), '');
  const before = openDescriptors();
  assert.throws(() => host.rootfs.readUntrusted(`${deep}/file`), /ENAMETOOLONG/);
  assert.equal(openDescriptors(), before);
});

test('an error names the path that was asked for', (t) => {
  const { host, root } = temporaryHost(t, { '/file': '' });
  assert.throws(() => host.rootfs.readUntrusted('gone/x'), {
    code: 'ENOENT',
    message: new RegExp(`'${root}/gone/x'$`),
  });
  assert.throws(() => host.rootfs.readUntrusted('/file/x'), { code: 'ENOTDIR' });
  assert.equal(host.rootfs.readUntrustedIfPresent('/file/x'), undefined);
});

test('a file that the user named may be a link, but must be regular and short', async (t) => {
  const { root } = temporaryHost(t, { '/token': 'abc', '/link': { link: 'token' } });
  assert.equal(await readNamedByUser(join(root, 'link'), 3), 'abc');
  await assert.rejects(readNamedByUser(join(root, 'token'), 2), isRefused('too_large'));
  await assert.rejects(readNamedByUser('/dev/zero', 10), isRefused('not_regular'));
  await assert.rejects(readNamedByUser('/proc/self/status', 10), isRefused('too_large'));
  execFileSync('mkfifo', [join(root, 'fifo')]);
  await assert.rejects(readNamedByUser(join(root, 'fifo'), 10), isRefused('not_regular'));
});
