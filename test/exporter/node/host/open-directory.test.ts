import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { OpenDirectory } from '../../../../exporter/node/host/open-directory.ts';
import { type Entry, temporaryHost } from './temporary-host.ts';

/** The directory `/d` of a host with these entries, and its path on this machine. */
function open(t: TestContext, entries: Record<string, Entry>): { directory: OpenDirectory; path: string } {
  const { host, root } = temporaryHost(t, { '/d/.keep': '', ...entries });
  const directory = host.rootfs.openDirectory('/d');
  assert.ok(directory);
  t.after(() => directory.close());
  return { directory, path: join(root, 'd') };
}

test('what is no directory is absent', (t) => {
  const { host } = temporaryHost(t, { '/file': '', '/link': { link: '/d' }, '/d/x': '', '/dangling': { link: 'no' } });
  for (const path of ['/file', '/absent', '/file/x', '/dangling']) {
    assert.equal(host.rootfs.openDirectory(path), undefined, path);
  }
  const followed = host.rootfs.openDirectory('/link');
  assert.deepEqual(followed?.names(9), ['x']);
  followed?.close();
});

test('names, all or some, and the directories among them', (t) => {
  const { directory } = open(t, { '/d/one/x': '', '/d/ü✓': '', '/d/link': { link: 'one' } });
  assert.deepEqual(directory.names(99).sort(), ['.keep', 'link', 'one', 'ü✓']);
  assert.equal(directory.names(2).length, 2);
  assert.deepEqual(directory.directories(), ['one']);
});

test('names in parts, by their bytes where they are not ASCII', (t) => {
  const { directory, path } = open(t, {});
  const name = Buffer.from([0x63, 0xe9]);
  writeFileSync(Buffer.concat([Buffer.from(`${path}/`), name]), 'text');
  const listing = directory.list();
  const found = [...listing.next(1), ...listing.next(5), ...listing.next(5)];
  listing.close();
  assert.deepEqual(found.sort(), ['.keep', name].sort());
  assert.equal(directory.lstat(name)?.size, 4);
});

test('it stays what it was when it is renamed and something else takes its place', (t) => {
  const { directory, path } = open(t, { '/d/own': 'x', '/other/secret': 'xxx', '/other/own': 'xxx' });
  renameSync(path, `${path}-was-here`);
  symlinkSync('other', path);
  assert.equal(directory.lstat('own')?.size, 1);
  assert.equal(directory.lstat('secret'), undefined);
  assert.deepEqual(directory.names(9).sort(), ['.keep', 'own']);
});

test('a directory in it is not opened through a link, or if it is another than was seen', (t) => {
  const { directory, path } = open(t, { '/d/a/x': '', '/d/link': { link: 'a' }, '/d/file': '' });
  assert.equal(directory.open('link'), undefined);
  assert.equal(directory.open('file'), undefined);
  const seen = directory.lstat('a');
  assert.ok(seen);
  const opened = directory.open('a', seen);
  assert.deepEqual(opened?.parent(directory.status)?.names(9).length, 4);
  rmSync(join(path, 'a'), { recursive: true });
  mkdirSync(join(path, 'b'));
  renameSync(join(path, 'b'), join(path, 'a'));
  assert.equal(directory.open('a', { ...seen, ino: 0 }), undefined);
  opened?.close();
});

test('its parent is not the one that it was moved to', (t) => {
  const { directory, path } = open(t, { '/d/a/x': '', '/other/x': '' });
  const opened = directory.open('a');
  renameSync(join(path, 'a'), join(path, '../other/a'));
  assert.equal(opened?.parent(directory.status), undefined);
  opened?.close();
});

test('the end of a file, but of no other than was seen, and never of a FIFO', (t) => {
  const { directory, path } = open(t, { '/d/file': '0123456789', '/d/link': { link: 'file' } });
  execFileSync('mkfifo', [join(path, 'fifo')]);
  const end = (name: string, length: number, seen = name) => {
    const status = directory.lstatExact(seen);
    assert.ok(status);
    return directory.readEnd(name, status, length)?.toString();
  };
  assert.equal(end('file', 4), '6789');
  assert.equal(end('file', 100), '0123456789');
  const before = readdirSync('/proc/self/fd').length;
  assert.equal(end('fifo', 4), undefined);
  assert.equal(end('link', 4), undefined);
  assert.equal(end('link', 4, 'file'), undefined);
  assert.equal(end('absent', 4, 'file'), undefined);
  writeFileSync(join(path, 'new'), 'secret');
  renameSync(join(path, 'new'), join(path, 'file'));
  assert.equal(end('file', 4, 'link'), undefined);
  assert.equal(readdirSync('/proc/self/fd').length, before);
});
