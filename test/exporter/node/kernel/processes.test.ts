import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandLine } from '../../../../exporter/node/kernel/processes.ts';
import { temporaryHost } from '../host/temporary-host.ts';

test('the arguments of a process', (t) => {
  const { host } = temporaryHost(t, {
    '/proc/1/cmdline': '/usr/bin/kubelet\0--config\0/a b\0\0--v=2\0',
    '/proc/2/cmdline': 'nginx: master process',
  });
  assert.deepEqual(commandLine(host, 1), ['/usr/bin/kubelet', '--config', '/a b', '', '--v=2']);
  assert.deepEqual(commandLine(host, 2), ['nginx: master process']);
  assert.deepEqual(commandLine(host, 3), []);
});
