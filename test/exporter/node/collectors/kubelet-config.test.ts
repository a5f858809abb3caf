import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kubeletConfig } from '../../../../exporter/node/collectors/kubelet-config.ts';
import { collect } from '../collect.ts';
import { processEntries } from '../host/process-entries.ts';
import { temporaryHost } from '../host/temporary-host.ts';

const KUBELET = {
  ...processEntries(42, 'kubelet', { args: ['--config=/k.yaml'] }),
  '/k.yaml': 'kind: KubeletConfiguration\n',
};

const dpkgStatus = (version: string) => `Package: kubelet\nStatus: install ok installed\nVersion: ${version}\n`;

test('a host without a kubelet has no series', async (t) => {
  const { values, faults, absences } = await collect(kubeletConfig, temporaryHost(t, {}).host);
  assert.deepEqual([values, faults, absences], [{}, [], ['a kubelet']]);
});

test('a kubelet whose version is not told has the defaults of current releases', async (t) => {
  const { values, faults, absences } = await collect(kubeletConfig, temporaryHost(t, KUBELET).host);
  assert.equal(values.foreshock_kubelet_api_qps, 50);
  assert.equal(values['foreshock_kubelet_eviction_threshold_ratio imagefs.inodesFree'], 0.05);
  assert.deepEqual(faults, []);
  assert.deepEqual(absences, ["the kubelet's version in its executable or from dpkg"]);
});

test('a kubelet of an older version has its defaults', async (t) => {
  const { host } = temporaryHost(t, { ...KUBELET, '/var/lib/dpkg/status': dpkgStatus('1.26.1-00') });
  const { values, absences } = await collect(kubeletConfig, host);
  assert.equal(values.foreshock_kubelet_api_qps, 5);
  assert.deepEqual(absences, []);
});

test('a configuration that makes no sense is a fault that names it, and no series', async (t) => {
  const entries = { ...KUBELET, '/k.yaml': 'imageGCHighThresholdPercent: high\n' };
  const { values, faults } = await collect(kubeletConfig, temporaryHost(t, entries).host);
  assert.deepEqual(values, {});
  assert.deepEqual(faults, ["the kubelet's configuration: /k.yaml: imageGCHighThresholdPercent: not a whole number"]);
});
