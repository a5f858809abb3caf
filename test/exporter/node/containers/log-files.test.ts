import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { linkSync, readdirSync, renameSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { LogDirectories } from '../../../../exporter/node/containers/log-directories.ts';
import { type LogFiles, readLogFiles, withoutUnfinished } from '../../../../exporter/node/containers/log-files.ts';
import type { Host } from '../../../../exporter/node/host/host.ts';
import { temporaryHost } from '../host/temporary-host.ts';

const OWNER = { namespace: '', pod: '', container: 'web' };
const ID = 'ab'.repeat(32);
const OF_DOCKER = `/containers/${ID}/${ID}-json.log`;

function read(host: Host, directory = 'd', root = '/logs'): LogFiles {
  const directories = new LogDirectories(host);
  try {
    return readLogFiles(directories, { owner: OWNER, root, directory, active: 'c.log', limit: undefined });
  } finally {
    directories.close();
  }
}

function sizes(files: LogFiles): [name: string, size: number][] {
  return files.files.map(({ name, size }): [string, number] => [name, size]).sort();
}

test('the files of a log: rotated ones, compressed ones by what is in them', (t) => {
  const { host, root } = temporaryHost(t, {
    '/logs/d/c.log': 'x'.repeat(10),
    '/logs/d/c.log.1': 'x'.repeat(20),
    '/logs/d/c.log.3.gz': '',
    '/logs/d/c.log.d/file': 'a directory is no log',
    '/logs/d/c.logs': 'another',
  });
  writeFileSync(join(root, 'logs/d/c.log.2.gz'), gzipSync('x'.repeat(5000)));
  const { files, isPartial } = read(host);
  assert.deepEqual(files.map(({ name, size, active, compressed }) => [name, size, active, compressed]).sort(), [
    ['c.log', 10, true, false],
    ['c.log.1', 20, false, false],
    ['c.log.2.gz', 5000, false, true],
    ['c.log.3.gz', 0, false, true],
  ]);
  for (const file of files) assert.equal(file.created <= file.changed, true);
  assert.equal(isPartial, false);
});

test('a file counts once, whatever names it has, and an absent log has no files', (t) => {
  const { host, root } = temporaryHost(t, { '/logs/d/c.log': 'x' });
  for (const name of ['c.log.1', 'c.log.2']) linkSync(join(root, 'logs/d/c.log'), join(root, 'logs/d', name));
  assert.deepEqual(sizes(read(host)), [['c.log', 1]]);
  assert.deepEqual(sizes(read(host, 'absent')), []);
  assert.deepEqual(sizes(read(host, 'd', '/absent')), []);
});

test('a link is followed to a log of Docker, on the host, and nowhere else', (t) => {
  const { host, root } = temporaryHost(t, {
    '/logs/d/c.log': { link: `/docker${OF_DOCKER}` },
    '/docker': { link: '/data/docker' },
    [`/data/docker${OF_DOCKER}`]: 'x'.repeat(30),
  });
  const link = (target: string, name: string) => symlinkSync(target, join(root, 'logs/d', name));
  assert.deepEqual(read(host).isPartial, false);
  writeFileSync(join(root, 'secret'), 'x'.repeat(40));
  link('/secret', 'c.log.absolute');
  link('../../secret', 'c.log.relative');
  link(`../../data/docker${OF_DOCKER}`, 'c.log.by-steps');
  link(`/docker/containers/${'cd'.repeat(32)}/${ID}-json.log`, 'c.log.of-another');
  assert.deepEqual(sizes(read(host)), [['c.log', 30]]);
  assert.equal(read(host).isPartial, true);
});

test('a log of Docker that is itself a link, or below one, is not read', (t) => {
  const { host } = temporaryHost(t, {
    '/logs/d/c.log': { link: `/docker${OF_DOCKER}` },
    [`/docker${OF_DOCKER}`]: { link: '/secret' },
    '/logs/e/c.log': { link: `/other${OF_DOCKER}` },
    [`/other/containers/${ID}`]: { link: '/secrets' },
    [`/secrets/${ID}-json.log`]: 'x',
    '/secret': 'x',
    '/logs/f/c.log': { link: `/absent${OF_DOCKER}` },
  });
  for (const directory of ['d', 'e', 'f']) assert.deepEqual(read(host, directory), { files: [], isPartial: false });
});

test('the directory of a log is not reached through a link', (t) => {
  const { host, root } = temporaryHost(t, {
    '/logs/pod/d/c.log': 'x',
    '/logs/link': { link: 'pod' },
    '/other/c.log': 'x',
  });
  assert.equal(read(host, 'pod/d').files.length, 1);
  assert.equal(read(host, 'link/d').files.length, 0);
  renameSync(join(root, 'logs/pod/d'), join(root, 'logs/pod/e'));
  symlinkSync('../../other', join(root, 'logs/pod/d'));
  assert.equal(read(host, 'pod/d').files.length, 0);
});

test('what a compressed file or one with holes claims to hold counts for no more than it can', (t) => {
  const { host, root } = temporaryHost(t, { '/logs/d/c.log': '' });
  const path = (name: string) => join(root, 'logs/d', name);
  writeFileSync(path('c.log.1.gz'), Buffer.from([...Array(13).fill(0), 0xff, 0xff, 0xff, 0xff]));
  const zeros = gzipSync(Buffer.alloc(50_000_000));
  writeFileSync(path('c.log.2.gz'), zeros);
  writeFileSync(path('c.log.3'), '');
  truncateSync(path('c.log.3'), 2 ** 40);
  writeFileSync(path('c.log.4.gz'), '');
  truncateSync(path('c.log.4.gz'), 2 ** 40);
  execFileSync('sh', ['-c', `printf '\\377\\377\\377\\377' >> ${path('c.log.4.gz')}`]);
  const found = new Map(sizes(read(host)));
  assert.equal(found.get('c.log.1.gz'), 17 * 1032);
  // The most that deflate can do is believed.
  assert.equal(found.get('c.log.2.gz'), 50_000_000);
  for (const name of ['c.log.3', 'c.log.4.gz']) assert.ok((found.get(name) ?? Infinity) <= 1032 * 8192, name);
});

test('devices and FIFOs are left alone', (t) => {
  const { host, root } = temporaryHost(t, { '/logs/d/c.log': 'x' });
  execFileSync('mkfifo', [join(root, 'logs/d/c.log.1.gz'), join(root, 'logs/d/c.log.2')]);
  symlinkSync('/dev/zero', join(root, 'logs/d/c.log.3.gz'));
  assert.deepEqual(sizes(read(host)), [['c.log', 1]]);
});

test('roots beyond those that stay open are opened each time, and all are closed', (t) => {
  const roots = Array.from({ length: 20 }, (_, index) => `/root-${index}`);
  const { host } = temporaryHost(t, Object.fromEntries(roots.map((root) => [`${root}/d/c.log`, 'x'])));
  const descriptors = () => readdirSync('/proc/self/fd').length;
  const before = descriptors();
  const directories = new LogDirectories(host);
  for (const root of [...roots, ...roots]) {
    assert.equal(
      directories.use(root, 'd', (directory) => directory.names(9).length),
      1,
    );
    assert.ok(descriptors() <= before + 8);
  }
  directories.close();
  assert.equal(descriptors(), before);
});

test('what rotation is still busy with is left out', () => {
  const names = ['c.log', 'c.log.1', 'c.log.1.gz', 'c.log.2.gz', 'c.log.3.tmp'];
  const files = names.map((name) => ({
    name,
    inode: name,
    size: 1,
    created: 1n,
    changed: 1n,
    active: name === 'c.log',
    compressed: name.endsWith('.gz'),
  }));
  assert.deepEqual(
    withoutUnfinished(files).map(({ name }) => name),
    ['c.log', 'c.log.1', 'c.log.2.gz'],
  );
});
