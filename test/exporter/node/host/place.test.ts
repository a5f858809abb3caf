import assert from 'node:assert/strict';
import { closeSync, fstatSync, readdirSync, renameSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openPlace } from '../../../../exporter/node/host/place.ts';
import { type Entry, temporaryHost } from './temporary-host.ts';

function open(root: string, path: string): { ino: number } {
  const descriptor = openPlace(root, path);
  try {
    return fstatSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function assertLeadsTo(t: TestContext, entries: Record<string, Entry>, path: string, expected: string): void {
  const { root } = temporaryHost(t, entries);
  assert.equal(open(root, path).ino, statSync(join(root, expected)).ino);
}

const FILES = { '/etc/file': '', '/data/docker/x': '', '/srv/up': { link: '../../../..' }, '/deep/a/b/c': '' };

test('links are followed within the base', (t) => {
  const links = {
    '/absolute': { link: '/data/docker' },
    '/relative': { link: 'srv/../etc/' },
    '/chain': { link: 'absolute' },
  };
  for (const [path, expected] of [
    ['/etc/file', '/etc/file'],
    ['etc//./file', '/etc/file'],
    ['/absolute/x', '/data/docker/x'],
    ['/relative/file', '/etc/file'],
    ['/chain', '/data/docker'],
    ['/srv/up/etc', '/etc'],
    ['/deep/a/b/../../../../../etc', '/etc'],
    ['', '/'],
  ] as const) {
    assertLeadsTo(t, { ...FILES, ...links }, path, expected);
  }
});

test('what is absent, and links without end', (t) => {
  const { root } = temporaryHost(t, {
    '/file': '',
    '/a': { link: 'b' },
    '/b': { link: 'a' },
    '/dangling': { link: 'no' },
  });
  const before = readdirSync('/proc/self/fd').length;
  for (const path of ['/absent', '/dangling', '/absent/../file']) {
    assert.throws(() => openPlace(root, path), { code: 'ENOENT' }, path);
  }
  assert.throws(() => openPlace(root, '/file/below'), { code: 'ENOTDIR' });
  assert.throws(() => openPlace(root, '/a'), /ELOOP/);
  assert.throws(() => openPlace(root, Array(100).fill('d').join('/')), { code: 'ENOENT' });
  assert.equal(readdirSync('/proc/self/fd').length, before);
});

test('whoever puts a link in the place of a directory gains nothing', (t) => {
  const { root } = temporaryHost(t, { '/host/var/log/x': '', '/var/log/secret': '' });
  const host = join(root, 'host');
  renameSync(join(host, 'var'), join(host, 'was'));
  symlinkSync(join(root, 'var'), join(host, 'var'));
  assert.throws(() => openPlace(host, '/var/log/secret'), { code: 'ENOENT' });
});
