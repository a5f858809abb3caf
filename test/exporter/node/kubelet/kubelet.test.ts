import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { configurationOf, isSameProcess, readKubelet } from '../../../../exporter/node/kubelet/kubelet.ts';
import { contextOf } from '../collect.ts';
import { processEntries } from '../host/process-entries.ts';
import { temporaryHost } from '../host/temporary-host.ts';

const PROCESS = { daemon: 'kubelet', pid: 42, startTime: 500 } as const;
const RESTARTED = { ...PROCESS, startTime: 501 };
const HOST = {
  ...processEntries(42, 'kubelet', { args: ['--config=/k.yaml'] }),
  '/k.yaml': 'kubeAPIQPS: 7\n',
};

const dpkgStatus = (version: string) => `Package: kubelet\nStatus: install ok installed\nVersion: ${version}\n`;

test('a host without a kubelet has none of it', (t) => {
  const kubelet = readKubelet(contextOf(temporaryHost(t, {}).host), undefined, undefined);
  assert.deepEqual(kubelet, { process: undefined, minor: undefined, configuration: undefined });
  assert.equal(configurationOf(kubelet), undefined);
});

test('the version is read once for each process, the configuration each time', (t) => {
  const { host, root } = temporaryHost(t, { ...HOST, '/var/lib/dpkg/status': dpkgStatus('1.26.1-00') });
  const read = (...args: [typeof PROCESS | typeof RESTARTED, Parameters<typeof readKubelet>[2]]) =>
    readKubelet(contextOf(host), ...args);
  const first = read(PROCESS, undefined);
  assert.deepEqual([first.minor, configurationOf(first)?.fields.kubeAPIQPS], [26, 7]);
  writeFileSync(join(root, 'var/lib/dpkg/status'), dpkgStatus('1.33.1-1.1'));
  writeFileSync(join(root, 'k.yaml'), 'kubeAPIQPS: 8\n');
  const same = read(PROCESS, first);
  assert.deepEqual([same.minor, configurationOf(same)?.fields.kubeAPIQPS], [26, 8]);
  assert.equal(read(RESTARTED, same).minor, 33);
});

test('why the configuration cannot be read crosses threads as a text', (t) => {
  const { host } = temporaryHost(t, { ...HOST, '/k.yaml': '{' });
  const kubelet = readKubelet(contextOf(host), PROCESS, undefined);
  assert.deepEqual(structuredClone(kubelet), kubelet);
  assert.deepEqual(kubelet.process, PROCESS);
  assert.throws(() => configurationOf(kubelet), /^Error: \/k\.yaml: /);
});

test('a process is the same with the same id and start', () => {
  const kubelet = { process: PROCESS, minor: undefined, configuration: undefined };
  assert.equal(isSameProcess(kubelet, { ...PROCESS }), true);
  assert.equal(isSameProcess(kubelet, RESTARTED), false);
  assert.equal(isSameProcess(kubelet, { ...PROCESS, pid: 43 }), false);
  assert.equal(isSameProcess(kubelet, undefined), false);
  assert.equal(isSameProcess({ ...kubelet, process: undefined }, undefined), true);
});
