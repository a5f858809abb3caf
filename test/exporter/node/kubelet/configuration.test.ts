import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { runningCommand } from '../../../../exporter/node/kubelet/command.ts';
import { readConfiguration } from '../../../../exporter/node/kubelet/configuration.ts';
import { readSettings } from '../../../../exporter/node/kubelet/settings.ts';
import { processEntries } from '../host/process-entries.ts';
import { type Entry, temporaryHost } from '../host/temporary-host.ts';
import { contextOf } from '../run-collector.ts';

const USUAL = '/var/lib/kubelet/config.yaml';
const KIND = 'kind: KubeletConfiguration\n';

const kubelet = (...args: string[]) => processEntries(42, 'kubelet', { args });

function read(t: TestContext, entries: Record<string, Entry>, minor?: number) {
  const context = contextOf(temporaryHost(t, entries).host);
  return readConfiguration(context, runningCommand(context.host, 42), minor);
}

function settings(t: TestContext, entries: Record<string, Entry>, minor?: number) {
  return readSettings(read(t, entries, minor)?.fields ?? {}, minor);
}

function thresholds(t: TestContext, entries: Record<string, Entry>, minor?: number) {
  const found = settings(t, entries, minor).evictionThresholds;
  return Object.fromEntries(found.map(({ signal, unit, value }) => [signal, `${value} ${unit}`]));
}

test('a host without kubelet has no configuration', (t) => {
  assert.equal(read(t, {}), undefined);
});

test('the usual files count without a process, and not with one that has no file', (t) => {
  const usual = { [USUAL]: 'imageGCHighThresholdPercent: 70\n' };
  assert.equal(settings(t, usual).highPercent, 70);
  assert.deepEqual(read(t, usual)?.sources, [USUAL]);
  assert.equal(settings(t, { ...usual, ...kubelet() }).highPercent, 85);
  const json = { '/etc/kubernetes/kubelet/config.json': '{"imageGCHighThresholdPercent": 60}' };
  assert.equal(settings(t, json).highPercent, 60);
  assert.equal(settings(t, { ...json, ...usual }).highPercent, 70);
});

test('links are followed as the host would', (t) => {
  const entries = {
    ...kubelet('--config=/etc/kubelet.yaml'),
    '/etc/kubelet.yaml': { link: '/srv/kubelet.yaml' },
    '/srv/kubelet.yaml': 'imageGCHighThresholdPercent: 61\n',
  };
  assert.equal(settings(t, entries).highPercent, 61);
});

test('files of the drop-in directory are merged in the order of their names, then flags', (t) => {
  const entries = {
    [USUAL]:
      'evictionHard: {memory.available: 1Gi, nodefs.available: 5%}\nimageGCLowThresholdPercent: 50\nkubeAPIQPS: 1\n',
    '/etc/d/20-b.conf': 'evictionHard: {nodefs.available: 7%}\nkubeAPIQPS: 3\nimageGCLowThresholdPercent: ~\n',
    '/etc/d/10-a.conf': 'evictionHard: {nodefs.available: 6%, pid.available: 9%}\nkubeAPIQPS: 2\nkubeAPIBurst: 7\n',
    '/etc/d/15-sub/z.conf': '{"kubeAPIBurst": 8}',
    '/etc/d/30.yaml': 'kubeAPIQPS: 99\n',
    '/etc/d/empty/README': '',
    ...kubelet(`--config=${USUAL}`, '--config-dir', '/etc/d', '--kube-api-burst=9'),
  };
  const { apiQps, apiBurst, lowPercent } = settings(t, entries);
  assert.deepEqual({ apiQps, apiBurst, lowPercent }, { apiQps: 3, apiBurst: 9, lowPercent: 50 });
  assert.deepEqual(thresholds(t, entries), {
    'memory.available': `${1024 ** 3} bytes`,
    'nodefs.available': '0.07 ratio',
    'pid.available': '0.09 ratio',
  });
  assert.deepEqual(read(t, entries)?.sources, [USUAL, '/etc/d/10-a.conf', '/etc/d/15-sub/z.conf', '/etc/d/20-b.conf']);
});

test('defaults that depend on other fields are of the file alone', (t) => {
  const dropIn = {
    [USUAL]: KIND,
    '/etc/d/1.conf': 'nodeStatusUpdateFrequency: 20s\nmaxParallelImagePulls: 5\n',
    ...kubelet(`--config=${USUAL}`, '--config-dir=/etc/d'),
  };
  const { statusUpdateInterval, statusReportInterval, serializeImagePulls } = settings(t, dropIn);
  assert.deepEqual([statusUpdateInterval, statusReportInterval, serializeImagePulls], [20, 300, true]);
  const file = settings(t, { [USUAL]: 'nodeStatusUpdateFrequency: 20s\nmaxParallelImagePulls: 5\n' });
  assert.deepEqual([file.statusUpdateInterval, file.statusReportInterval, file.serializeImagePulls], [20, 20, false]);
  const flag = settings(t, { [USUAL]: KIND, ...kubelet(`--config=${USUAL}`, '--node-status-update-frequency=20s') });
  assert.deepEqual([flag.statusUpdateInterval, flag.statusReportInterval], [20, 300]);
});

test('zero, as kubeadm writes it, is the default', (t) => {
  const file = `imageMinimumGCAge: 0s\nnodeStatusReportFrequency: 0s\nnodeStatusUpdateFrequency: 0s\nnodeLeaseDurationSeconds: 0
kubeAPIBurst: 0\n`;
  const found = settings(t, { [USUAL]: file });
  assert.deepEqual(
    [
      found.imageGcMinimumAge,
      found.statusReportInterval,
      found.statusUpdateInterval,
      found.leaseDuration,
      found.apiBurst,
    ],
    [120, 300, 10, 40, 100],
  );
});

test('limits of the API client are those of the version', (t) => {
  const limits = (minor?: number) => {
    const { apiQps, apiBurst } = settings(t, { [USUAL]: KIND }, minor);
    return [apiQps, apiBurst];
  };
  assert.deepEqual(limits(26), [5, 10]);
  assert.deepEqual(limits(27), [50, 100]);
  assert.deepEqual(limits(), [50, 100]);
});

test('eviction thresholds of the version, when the file names none', (t) => {
  const before = {
    'memory.available': `${100 * 1024 ** 2} bytes`,
    'nodefs.available': '0.1 ratio',
    'nodefs.inodesFree': '0.05 ratio',
    'imagefs.available': '0.15 ratio',
  };
  assert.deepEqual(thresholds(t, { [USUAL]: KIND }, 29), before);
  assert.deepEqual(thresholds(t, { [USUAL]: KIND }, 30), { ...before, 'imagefs.inodesFree': '0.05 ratio' });
  assert.deepEqual(thresholds(t, { [USUAL]: KIND }), { ...before, 'imagefs.inodesFree': '0.05 ratio' });
  assert.deepEqual(thresholds(t, { [USUAL]: 'evictionHard: {}\n' }), {});
  assert.deepEqual(thresholds(t, kubelet(), 24), before);
  assert.deepEqual(thresholds(t, kubelet(), 25), {});
  const merged = 'mergeDefaultEvictionSettings: true\nevictionHard: {nodefs.available: 3%}\n';
  assert.deepEqual(thresholds(t, { [USUAL]: merged }, 29), { ...before, 'nodefs.available': '0.03 ratio' });
});

test('eviction thresholds in the units of their signals', (t) => {
  const signals =
    'memory.available<1.5%,nodefs.inodesFree<1k,pid.available<500,imagefs.available<10G,a<0%,b<100%,imagefs.inodesFree<0%';
  assert.deepEqual(thresholds(t, { [USUAL]: KIND, ...kubelet(`--config=${USUAL}`, `--eviction-hard=${signals}`) }), {
    'memory.available': '0.015 ratio',
    'nodefs.inodesFree': '1000 inodes',
    'pid.available': '500 pids',
    'imagefs.available': '10000000000 bytes',
  });
});

test('flags override the file', (t) => {
  const args = [
    '--image-gc-high-threshold=75',
    '--image-gc-low-threshold',
    '70',
    '--minimum-image-ttl-duration=5m',
    '--kube-api-qps=6',
    '--kube-api-burst=12',
    '--serialize-image-pulls=false',
    '--container-runtime-endpoint=unix:///run/crio/crio.sock',
  ];
  const entries = {
    [USUAL]: 'imageGCHighThresholdPercent: 99\nkubeAPIQPS: 1\n',
    ...kubelet(`--config=${USUAL}`, ...args),
  };
  const found = settings(t, entries);
  assert.deepEqual([found.highPercent, found.lowPercent, found.imageGcMinimumAge], [75, 70, 300]);
  assert.deepEqual([found.apiQps, found.apiBurst, found.serializeImagePulls], [6, 12, false]);
  assert.equal(read(t, entries)?.fields.containerRuntimeEndpoint, 'unix:///run/crio/crio.sock');
});

test('what makes no sense is an error that names the file', (t) => {
  for (const text of [
    'a: b: c\n',
    '{',
    '- a list\n',
    'a text\n',
    '',
    'nodeStatusUpdateFrequency: 20\n',
    'evictionHard: [a]\n',
    'maxParallelImagePulls: many\n',
    'serializeImagePulls: perhaps\n',
  ]) {
    assert.throws(() => read(t, { [USUAL]: text }), /^Error: \/var\/lib\/kubelet\/config.yaml: /, text);
  }
  const dropIn = { '/etc/d/1.conf': '[', ...kubelet('--config-dir=/etc/d') };
  assert.throws(() => read(t, dropIn), /^Error: \/etc\/d\/1.conf: /);
  assert.throws(() => read(t, kubelet('--config=/gone.yaml')), /^Error: \/gone.yaml: not found/);
});

test('which fields are configured, and not defaults', (t) => {
  const entries = {
    [USUAL]: `${KIND}imageGCHighThresholdPercent: 70
imageMinimumGCAge: 0s
nodeStatusReportFrequency: "0"
nodeLeaseDurationSeconds: 0
imageGCLowThresholdPercent: ~
kubeAPIBurst: 7
kubeAPIQPS: 0
`,
    '/etc/d/1.conf': 'evictionHard: {pid.available: 9%}\nkubeAPIBurst: 0\n',
    ...kubelet(
      `--config=${USUAL}`,
      '--config-dir=/etc/d',
      '--serialize-image-pulls',
      '--node-status-update-frequency=5s',
    ),
  };
  assert.deepEqual(read(t, entries)?.configured.toSorted(), [
    'evictionHard',
    'imageGCHighThresholdPercent',
    'kind',
    'kubeAPIQPS',
    'nodeStatusUpdateFrequency',
    'serializeImagePulls',
  ]);
  assert.deepEqual(read(t, kubelet())?.configured, []);
});

test('where the configuration is from', (t) => {
  const entries = { [USUAL]: KIND, '/k.yaml': KIND };
  const command = "the kubelet's command line";
  const given = read(t, { ...entries, ...kubelet('--config=/k.yaml', '--root-dir=/data/kubelet/') });
  assert.deepEqual(given?.file, { path: '/k.yaml', isGiven: true });
  assert.deepEqual([given?.rootDirectory, given?.flagsFrom], ['/data/kubelet/', command]);
  const usual = read(t, entries);
  assert.deepEqual([usual?.file, usual?.flagsFrom], [{ path: USUAL, isGiven: false }, undefined]);
  assert.equal(read(t, { ...entries, ...kubelet() })?.file, undefined);
});

test('a file of another kind is no configuration of a kubelet', (t) => {
  const kubeconfig = { '/etc/kubernetes/kubelet.conf': 'apiVersion: v1\nkind: Config\n' };
  assert.equal(read(t, kubeconfig), undefined);
  const openshift = { '/etc/kubernetes/kubelet.conf': `${KIND}kubeAPIQPS: 7\n` };
  assert.deepEqual(read(t, openshift)?.sources, ['/etc/kubernetes/kubelet.conf']);
});
