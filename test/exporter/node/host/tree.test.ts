import assert from 'node:assert/strict';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { isAbsence } from '../../../../exporter/node/host/absence.ts';
import { Tree } from '../../../../exporter/node/host/tree.ts';
import { temporaryDirectory, temporaryHost } from './temporary-host.ts';

test('links are followed as the host would', (t) => {
  const { host, root } = temporaryHost(t, {
    '/srv/docker/file': 'x',
    '/var/lib/docker': { link: '/srv/docker' },
    '/var/lib/relative': { link: '../../srv/docker' },
    '/var/lib/out': { link: '../../../../../../../../etc' },
    '/var/run': { link: '/run' },
    '/run/dots': { link: '/srv/./docker/../docker/' },
    '/chain': { link: '/var/lib/docker' },
    '/dangling': { link: '/absent/directory' },
  });
  const cases = [
    ['/', ''],
    ['', ''],
    ['/srv/docker', '/srv/docker'],
    ['srv//docker/./file', '/srv/docker/file'],
    ['/var/lib/docker/file', '/srv/docker/file'],
    ['/var/lib/relative/file', '/srv/docker/file'],
    ['/var/lib/out/passwd', '/etc/passwd'],
    ['/var/run/dots/file', '/srv/docker/file'],
    ['/chain/file', '/srv/docker/file'],
    // The kernel takes `..` of where a link led, not of the link.
    ['/var/lib/docker/..', '/srv'],
    ['/../../etc/passwd', '/etc/passwd'],
    ['/srv/../../..', ''],
    ['/dangling/file', '/absent/directory/file'],
    ['/absent/../srv', '/srv'],
  ] as const;
  for (const [path, expected] of cases) assert.equal(host.rootfs.resolve(path), root + expected, path);
  assert.equal(host.rootfs.subtree('/chain').read('file'), 'x');
  assert.equal(host.rootfs.stat('/chain/file')?.size, 1n);
  assert.equal(host.rootfs.stat('/dangling'), undefined);
});

test('loops of links are an error', (t) => {
  const { host } = temporaryHost(t, {
    '/self': { link: 'self' },
    '/a': { link: '/b' },
    '/b': { link: '/a' },
    '/deeper': { link: 'deeper/x' },
  });
  for (const path of ['/self', '/a', '/b/file', '/deeper']) {
    assert.throws(() => host.rootfs.resolve(path), /ELOOP: too many symbolic links/, path);
  }
});

test('40 links in a row are followed, as the kernel does', (t) => {
  const root = temporaryDirectory(t);
  writeFileSync(join(root, '0'), '');
  for (let index = 1; index <= 41; index++) symlinkSync(`/${index - 1}`, join(root, String(index)));
  const tree = new Tree(root);
  assert.equal(tree.resolve('/40'), join(root, '0'));
  assert.throws(() => tree.resolve('/41'), /ELOOP/);
});

test('no path leaves the tree', (t) => {
  const { host, root } = temporaryHost(t, {
    '/d/up': { link: '../..' },
    '/d/far': { link: '/../../..' },
    '/etc/x/file': '',
  });
  const part = fc.constantFrom('..', '.', '', 'd', 'up', 'far', 'etc', 'x');
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const resolved = host.rootfs.resolve(parts.join('/'));
      assert.ok(resolved === root || resolved.startsWith(`${root}/`), resolved);
      assert.ok(!resolved.split('/').includes('..'), resolved);
    }),
  );
});

test('where the root is mounted at / the kernel follows links', () => {
  assert.equal(new Tree('/').resolve('/etc/../proc/self'), '/proc/self');
  assert.equal(new Tree('/').resolve('../etc'), '/etc');
  assert.equal(new Tree('/').local('etc'), '/etc');
  assert.equal(new Tree('/host///').local('/etc'), '/host/etc');
});

test('what is absent reads as nothing', (t) => {
  const { host } = temporaryHost(t, { '/file': 'text' });
  const tree = host.rootfs;
  for (const path of ['/absent', '/file/below']) {
    assert.equal(tree.readIfPresent(path), undefined);
    assert.deepEqual(tree.listIfPresent(path), []);
    assert.deepEqual(tree.directories(path), []);
    assert.equal(tree.readLink(path), undefined);
    assert.equal(tree.lstat(path), undefined);
    assert.equal(tree.stat(path), undefined);
    assert.throws(() => tree.read(path), isAbsence);
  }
  assert.throws(() => tree.readIfPresent('/'), { code: 'EISDIR' });
});
