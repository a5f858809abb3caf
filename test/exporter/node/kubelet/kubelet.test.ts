import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { withSources } from '../../../../exporter/node/kubelet/configuration.ts';
import { isSameProcess, readKubelet } from '../../../../exporter/node/kubelet/kubelet.ts';
import { readSettings } from '../../../../exporter/node/kubelet/settings.ts';
import { processEntries } from '../host/process-entries.ts';
import { temporaryHost } from '../host/temporary-host.ts';
import { contextOf } from '../run-collector.ts';

const PROCESS = { daemon: 'kubelet', pid: 42, startTime: 500 } as const;
const CONTAINED = { ...PROCESS, inContainer: true } as const;
const RESTARTED = { ...PROCESS, startTime: 501 };
const HOST = {
  ...processEntries(42, 'kubelet', { args: ['--config=/k.yaml'] }),
  '/k.yaml': 'kubeAPIQPS: 7\n',
};

const dpkgStatus = (version: string) => `Package: kubelet\nStatus: install ok installed\nVersion: ${version}\n`;

test('a host without a kubelet has none of it', (t) => {
  const kubelet = readKubelet(contextOf(temporaryHost(t, {}).host), undefined, undefined);
  assert.deepEqual(kubelet, { process: undefined, minor: undefined, configuration: undefined });
});

test('the version is read once for each process, the configuration each time', (t) => {
  const { host, root } = temporaryHost(t, { ...HOST, '/var/lib/dpkg/status': dpkgStatus('1.26.1-00') });
  const read = (...args: [typeof PROCESS | typeof RESTARTED, Parameters<typeof readKubelet>[2]]) =>
    readKubelet(contextOf(host), ...args);
  const first = read(PROCESS, undefined);
  assert.deepEqual([first.minor, first.configuration?.fields.kubeAPIQPS], [26, 7]);
  writeFileSync(join(root, 'var/lib/dpkg/status'), dpkgStatus('1.33.1-1.1'));
  writeFileSync(join(root, 'k.yaml'), 'kubeAPIQPS: 8\n');
  const same = read(PROCESS, first);
  assert.deepEqual([same.minor, same.configuration?.fields.kubeAPIQPS], [26, 8]);
  assert.equal(read(RESTARTED, same).minor, 33);
});

test('why the configuration cannot be read crosses threads as a text', (t) => {
  const { host } = temporaryHost(t, { ...HOST, '/k.yaml': '{' });
  const kubelet = readKubelet(contextOf(host), PROCESS, undefined);
  assert.deepEqual(structuredClone(kubelet), kubelet);
  assert.deepEqual(kubelet.process, PROCESS);
  assert.match(kubelet.error ?? '', /^\/k\.yaml: /);
});

test('while the kubelet is down or its files make no sense, the last settings stay, with the time of their reading', (t) => {
  const { host, root } = temporaryHost(t, { ...HOST, '/var/lib/dpkg/status': dpkgStatus('1.26.1-00') });
  const read = (
    at: number,
    ...args: [typeof PROCESS | typeof RESTARTED | undefined, Parameters<typeof readKubelet>[2]]
  ) => readKubelet(contextOf(host, { now: () => at }), ...args);
  const told = ({ minor, configuration, readAt, error }: ReturnType<typeof readKubelet>) => [
    minor,
    configuration?.fields.kubeAPIQPS,
    readAt,
    error?.slice(0, 8),
  ];
  const running = read(1000, PROCESS, undefined);
  writeFileSync(join(root, 'k.yaml'), 'kubeAPIQPS: 8\n');
  const down = read(1060, undefined, structuredClone(running));
  assert.equal(down.process, undefined);
  assert.deepEqual(told(down), [26, 7, 1000, undefined]);
  assert.deepEqual(told(read(9000, undefined, down)), [26, 7, 1000, undefined]);
  for (const text of ['{', 'kubeAPIQPS: many\n', 'containerLogMaxSize: big\n']) {
    writeFileSync(join(root, 'k.yaml'), text);
    const broken = read(2000, RESTARTED, down);
    assert.deepEqual(broken.process, RESTARTED);
    assert.deepEqual(told(broken), [26, 7, 1000, '/k.yaml:']);
    assert.deepEqual(told(read(2060, undefined, broken)), [26, 7, 1000, '/k.yaml:']);
  }
  writeFileSync(join(root, 'k.yaml'), 'kubeAPIQPS: 9\n');
  assert.deepEqual(told(read(3000, RESTARTED, down)), [26, 9, 3000, undefined]);
});

test('what was not read of a kubelet that ran is read anew', (t) => {
  const { host, root } = temporaryHost(t, { '/var/lib/kubelet/config.yaml': 'kubeAPIQPS: 1\n' });
  const first = readKubelet(contextOf(host), undefined, undefined);
  writeFileSync(join(root, 'var/lib/kubelet/config.yaml'), 'kubeAPIQPS: 2\n');
  assert.equal(readKubelet(contextOf(host), undefined, first).configuration?.fields.kubeAPIQPS, 2);
});

test('a process is the same with the same id and start', () => {
  const kubelet = { process: PROCESS, minor: undefined, configuration: undefined };
  assert.equal(isSameProcess(kubelet, { ...PROCESS }), true);
  assert.equal(isSameProcess(kubelet, RESTARTED), false);
  assert.equal(isSameProcess(kubelet, { ...PROCESS, pid: 43 }), false);
  assert.equal(isSameProcess(kubelet, undefined), false);
  assert.equal(isSameProcess({ ...kubelet, process: undefined }, undefined), true);
});

test('a kubelet in a container has its files below its own root', (t) => {
  const { host } = temporaryHost(t, { ...HOST, '/proc/42/root/k.yaml': 'kubeAPIQPS: 9\n' });
  const kubelet = readKubelet(contextOf(host), CONTAINED, undefined);
  assert.equal(kubelet.configuration?.fields.kubeAPIQPS, 9);
});

test('nothing of a file that is no configuration gets into the error', (t) => {
  const secret = '$6$c0de';
  for (const text of [
    `root:${secret}:19000:0\ndaemon:*:19000\n`,
    `kubeAPIQPS: ${secret}\n`,
    `nodeStatusUpdateFrequency: ${secret}\n`,
    `evictionHard: ${secret}\n`,
    `evictionHard: {"${secret}": 5}\n`,
    `serializeImagePulls: ${secret}\n`,
    `a: &${secret} 1\nb: *x${secret}\n`,
    `a: &x [*x, ${secret}]\n`,
    `{"${secret}`,
  ]) {
    const { host } = temporaryHost(t, { ...HOST, '/k.yaml': text });
    const kubelet = readKubelet(contextOf(host), PROCESS, undefined);
    let error = kubelet.error ?? '';
    try {
      if (kubelet.configuration) withSources(kubelet.configuration, (fields) => readSettings(fields, undefined));
    } catch (thrown) {
      error = String(thrown);
    }
    assert.match(error, /\/k\.yaml: /, text);
    assert.ok(!error.includes('c0de'), error);
  }
});

test('a configuration that is a FIFO, endless or a device is an error, at once', (t) => {
  const { host, root } = temporaryHost(t, { ...HOST, '/zero': { link: '/dev/zero' } });
  rmSync(join(root, 'k.yaml'));
  execFileSync('mkfifo', [join(root, 'k.yaml')]);
  const error = () => readKubelet(contextOf(host), PROCESS, undefined).error;
  assert.equal(error(), '/k.yaml: not a regular file');
  rmSync(join(root, 'k.yaml'));
  symlinkSync('zero', join(root, 'k.yaml'));
  assert.match(error() ?? '', /^\/k\.yaml: not found/, 'the host has no /dev/zero');
  rmSync(join(root, 'k.yaml'));
  writeFileSync(join(root, 'k.yaml'), '');
  truncateSync(join(root, 'k.yaml'), 1024 ** 4);
  assert.match(error() ?? '', /^\/k\.yaml: larger than \d+ bytes$/);
});
