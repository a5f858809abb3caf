import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Collector } from '../../../../exporter/node/collector.ts';
import { kubeletConfig } from '../../../../exporter/node/collectors/kubelet-config.ts';
import { collect } from '../collect.ts';
import { temporaryHost } from '../host/temporary-host.ts';

const collector = kubeletConfig as Collector;

const KUBELET = {
  '/proc/42/comm': 'kubelet\n',
  '/proc/42/cmdline': 'kubelet\0--config=/k.yaml\0',
  '/k.yaml': 'kind: KubeletConfiguration\n',
};

const dpkgStatus = (version: string) => `Package: kubelet\nStatus: install ok installed\nVersion: ${version}\n`;

test('a host without a kubelet has no series', async (t) => {
  const { values, faults, absences } = await collect(collector, temporaryHost(t, {}).host);
  assert.deepEqual([values, faults, absences], [{}, [], ['a kubelet']]);
});

test('a kubelet whose version is not told has the defaults of current releases', async (t) => {
  const { values, faults, absences } = await collect(collector, temporaryHost(t, KUBELET).host);
  assert.equal(values.foreshock_kubelet_api_qps, 50);
  assert.equal(values['foreshock_kubelet_eviction_threshold_ratio imagefs.inodesFree'], 0.05);
  assert.deepEqual(faults, []);
  assert.deepEqual(absences, ["the kubelet's version in its executable or from dpkg"]);
});

test('the version is read once for each process', async (t) => {
  const { host, root } = temporaryHost(t, { ...KUBELET, '/var/lib/dpkg/status': dpkgStatus('1.26.1-00') });
  const first = await collect(collector, host);
  assert.equal(first.values.foreshock_kubelet_api_qps, 5);
  writeFileSync(join(root, 'var/lib/dpkg/status'), dpkgStatus('1.33.1-1.1'));
  const same = await collect(collector, host, {}, first.state);
  assert.equal(same.values.foreshock_kubelet_api_qps, 5);
  const anew = await collect(collector, host);
  assert.equal(anew.values.foreshock_kubelet_api_qps, 50);
});

test('a configuration that makes no sense is a fault that names it, and no series', async (t) => {
  const entries = { ...KUBELET, '/k.yaml': 'imageGCHighThresholdPercent: high\n' };
  const { values, faults } = await collect(collector, temporaryHost(t, entries).host);
  assert.deepEqual(values, {});
  assert.deepEqual(faults, [
    'the kubelet\'s configuration: /k.yaml: imageGCHighThresholdPercent: not a whole number: "high"',
  ]);
});
