import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kubeletConfig } from '../../../../exporter/node/collectors/kubelet-config.ts';
import { processEntries } from '../host/process-entries.ts';
import { temporaryHost } from '../host/temporary-host.ts';
import { runCollector } from '../run-collector.ts';

const KUBELET = {
  ...processEntries(42, 'kubelet', { args: ['--config=/k.yaml'] }),
  '/k.yaml': 'kind: KubeletConfiguration\n',
};

const dpkgStatus = (version: string) => `Package: kubelet\nStatus: install ok installed\nVersion: ${version}\n`;

test('a host without a kubelet has no series', async (t) => {
  const { values, faults, absent } = await runCollector(kubeletConfig, temporaryHost(t, {}).host);
  assert.deepEqual([values, faults, absent], [{}, [], ['a kubelet']]);
});

test('a kubelet whose version is not told has the defaults of current releases', async (t) => {
  const { values, faults, absent } = await runCollector(kubeletConfig, temporaryHost(t, KUBELET).host);
  assert.equal(values.kubelet_api_qps, 50);
  assert.equal(values['kubelet_eviction_threshold_ratio{signal="imagefs.inodesFree"}'], 0.05);
  assert.deepEqual(faults, []);
  assert.deepEqual(absent, ["the kubelet's version in its executable or from dpkg"]);
});

test('a kubelet of an older version has its defaults', async (t) => {
  const { host } = temporaryHost(t, { ...KUBELET, '/var/lib/dpkg/status': dpkgStatus('1.26.1-00') });
  const { values, absent } = await runCollector(kubeletConfig, host);
  assert.equal(values.kubelet_api_qps, 5);
  assert.deepEqual(absent, []);
});

test('a configuration that makes no sense is a fault that names it, and no series', async (t) => {
  const entries = { ...KUBELET, '/k.yaml': 'imageGCHighThresholdPercent: high\n' };
  const { values, faults } = await runCollector(kubeletConfig, temporaryHost(t, entries).host);
  assert.deepEqual(values, {});
  assert.deepEqual(faults, ["the kubelet's configuration: /k.yaml: imageGCHighThresholdPercent: not a whole number"]);
});
