import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readKubeletProcess } from '../../../../exporter/node/kubelet/process.ts';
import { processEntries } from '../host/process-entries.ts';
import { temporaryHost } from '../host/temporary-host.ts';

test('the flags of a kubelet, without its program', (t) => {
  const { host } = temporaryHost(t, processEntries(42, 'kubelet', { args: ['--v=2', '--config', '/k.yaml'] }));
  assert.deepEqual(readKubeletProcess(host, 42), { pid: 42, args: ['--v=2', '--config', '/k.yaml'] });
});

test('a process that has ended, wholly or as a zombie', (t) => {
  const { host, root } = temporaryHost(t, { ...processEntries(42, 'kubelet'), '/proc/42/cmdline': '' });
  assert.equal(readKubeletProcess(host, 42), undefined);
  rmSync(join(root, 'proc/42'), { recursive: true });
  assert.equal(readKubeletProcess(host, 42), undefined);
});
