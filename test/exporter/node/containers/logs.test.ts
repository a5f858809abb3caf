import assert from 'node:assert/strict';
import { linkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { ContainerDirectory } from '../../../../exporter/node/containers/directory.ts';
import { dockerLogs, podLogs, readLogFiles, withoutUnfinished } from '../../../../exporter/node/containers/logs.ts';
import type { Host } from '../../../../exporter/node/host/host.ts';
import { temporaryHost } from '../host/temporary-host.ts';

const OWNER = { namespace: '', pod: '', container: 'web' };

test('the logs of Docker containers that have one', () => {
  const common = { runtime: 'docker', namespace: '', pod: '' } as const;
  const directory = new ContainerDirectory({
    containers: [
      { ...common, id: 'a', container: 'web', log: { path: '/d/a/a-json.log', limit: 10 } },
      { ...common, id: 'b', container: 'journald' },
    ],
    pods: [],
  });
  const [log, ...more] = dockerLogs(directory);
  assert.deepEqual([log?.directory, log?.active, log?.limit, log?.owner.container], ['/d/a', 'a-json.log', 10, 'web']);
  assert.deepEqual(more, []);
});

test('the logs of pods, one for each instance of a container', (t) => {
  const { host } = temporaryHost(t, {
    '/var/log/pods/shop_web_uid/app/0.log': '',
    '/var/log/pods/shop_web_uid/app/0.log.20261121-000608.gz': '',
    '/var/log/pods/shop_web_uid/app/1.log': '',
    '/var/log/pods/shop_web_uid/app/notes.log': '',
    '/var/log/pods/shop_web_uid/stray': '',
    '/var/log/pods/unknown/app/0.log': '',
  });
  const found = podLogs(undisturbed(host), 50).map(({ owner, directory, active, limit }) => [
    owner,
    directory,
    active,
    limit,
  ]);
  const owner = { namespace: 'shop', pod: 'web', container: 'app' };
  assert.deepEqual(found.sort(), [
    [owner, '/var/log/pods/shop_web_uid/app', '0.log', 50],
    [owner, '/var/log/pods/shop_web_uid/app', '1.log', 50],
  ]);
});

test('a log is found while the kubelet has put its file aside and the runtime has not made a new one', (t) => {
  const { host } = temporaryHost(t, {
    '/var/log/pods/shop_web_uid/app/0.log.20261121-000709': '',
    '/var/log/pods/shop_web_uid/app/0.log.20261121-000638.gz': '',
  });
  assert.deepEqual(
    podLogs(undisturbed(host), 50).map(({ active }) => active),
    ['0.log'],
  );
});

test('the files of a log: rotated ones, compressed ones by what is in them, links followed on the host', (t) => {
  const { host, root } = temporaryHost(t, {
    '/logs/c.log': 'x'.repeat(10),
    '/logs/c.log.1': 'x'.repeat(20),
    '/logs/c.log.3.gz': '',
    '/logs/c.log.d/file': 'a directory is no log',
    '/logs/c.logs': 'another',
    '/elsewhere/target': 'x'.repeat(30),
  });
  writeFileSync(join(root, 'logs/c.log.2.gz'), gzipSync('x'.repeat(5000)));
  symlinkSync('/elsewhere/target', join(root, 'logs/c.log.link'));
  symlinkSync('/absent', join(root, 'logs/c.log.broken'));
  const files = readLogFiles(host, { owner: OWNER, directory: '/logs', active: 'c.log', limit: undefined });
  assert.deepEqual(files.map(({ name, size, active, compressed }) => [name, size, active, compressed]).sort(), [
    ['c.log', 10, true, false],
    ['c.log.1', 20, false, false],
    ['c.log.2.gz', 5000, false, true],
    ['c.log.3.gz', 0, false, true],
    ['c.log.link', 30, false, false],
  ]);
  for (const file of files) assert.equal(file.created <= file.changed, true);
});

test('two names of a file have one inode, and an absent log has no files', (t) => {
  const { host, root } = temporaryHost(t, { '/logs/c.log': 'x' });
  linkSync(join(root, 'logs/c.log'), join(root, 'logs/c.log.1'));
  const read = (directory: string) =>
    readLogFiles(host, { owner: OWNER, directory, active: 'c.log', limit: undefined });
  assert.equal(new Set(read('/logs').map(({ inode }) => inode)).size, 1);
  assert.deepEqual(read('/absent'), []);
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

/** A context in which nothing may go wrong. */
function undisturbed(host: Host) {
  return { host, progress: () => {}, fault: (about: string) => assert.fail(about) };
}
