import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ContainerDirectory } from '../../../../exporter/node/containers/directory.ts';
import { LogDirectories } from '../../../../exporter/node/containers/log-directories.ts';
import { dockerLogs, type Log, logPath, podLogs } from '../../../../exporter/node/containers/logs.ts';
import type { Host } from '../../../../exporter/node/host/host.ts';
import { temporaryHost } from '../host/temporary-host.ts';

test('the logs of Docker containers that have one', () => {
  const common = { runtime: 'docker', namespace: '', pod: '' } as const;
  const directory = new ContainerDirectory({
    containers: [
      { ...common, id: 'a', container: 'web', log: { path: '/d/containers/a/a-json.log', limit: 10 } },
      { ...common, id: 'b', container: 'journald' },
      { ...common, id: 'c', container: 'db', log: { path: '/containers/containers/c/local-logs/container.log' } },
    ],
    pods: [],
  });
  const found = dockerLogs(directory).map((log) => [
    log.root,
    log.directory,
    log.active,
    log.limit,
    log.owner.container,
  ]);
  assert.deepEqual(found, [
    ['/d/containers', 'a', 'a-json.log', 10, 'web'],
    ['/containers/containers', 'c/local-logs', 'container.log', undefined, 'db'],
  ]);
  assert.deepEqual(
    dockerLogs(directory).map(logPath),
    directory.containers.flatMap(({ log }) => log?.path ?? []),
  );
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
  const found = podLogsOf(host).map((log) => [log.owner, logPath(log), log.limit]);
  const owner = { namespace: 'shop', pod: 'web', container: 'app' };
  assert.deepEqual(found.sort(), [
    [owner, '/var/log/pods/shop_web_uid/app/0.log', 50],
    [owner, '/var/log/pods/shop_web_uid/app/1.log', 50],
  ]);
});

test('a log is found while the kubelet has put its file aside and the runtime has not made a new one', (t) => {
  const { host } = temporaryHost(t, {
    '/var/log/pods/shop_web_uid/app/0.log.20261121-000709': '',
    '/var/log/pods/shop_web_uid/app/0.log.20261121-000638.gz': '',
  });
  assert.deepEqual(
    podLogsOf(host).map(({ active }) => active),
    ['0.log'],
  );
});

test('directories of pods are not reached through links, but the root of all is', (t) => {
  const { host } = temporaryHost(t, {
    '/var/log/pods': { link: '/data/pods' },
    '/data/pods/shop_web_1/app/0.log': '',
    '/data/pods/shop_web_2': { link: 'shop_web_1' },
    '/data/pods/shop_web_3/app': { link: '../shop_web_1/app' },
  });
  assert.deepEqual(podLogsOf(host).map(logPath), ['/var/log/pods/shop_web_1/app/0.log']);
});

/** The logs of a host's pods, where nothing may go wrong. */
function podLogsOf(host: Host): Log[] {
  const directories = new LogDirectories(host);
  try {
    return podLogs({ progress: () => {}, fault: (about: string) => assert.fail(about) }, directories, {
      root: '/var/log/pods',
      limit: 50,
    });
  } finally {
    directories.close();
  }
}
