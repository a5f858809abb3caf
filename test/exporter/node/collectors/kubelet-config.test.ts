import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { kubeletConfig } from '../../../../exporter/node/collectors/kubelet-config.ts';
import { type Inventory, readInventory } from '../../../../exporter/node/inventory/inventory.ts';
import { processEntries } from '../host/process-entries.ts';
import { temporaryHost } from '../host/temporary-host.ts';
import { contextOf, runCollector } from '../run-collector.ts';

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

const sources = (values: Record<string, unknown>) =>
  Object.keys(values).flatMap((name) => {
    const [, setting, source] = /^kubelet_setting_info\{setting="(.*)",source="(.*)"\}$/.exec(name) ?? [];
    return setting ? `${setting} ${source}` : [];
  });

test('of each setting it is told whether it is configured or assumed', async (t) => {
  const text = 'imageGCHighThresholdPercent: 70\nimageMinimumGCAge: 0s\ncontainerLogMaxFiles: 3\n';
  const { host } = temporaryHost(t, { ...KUBELET, '/k.yaml': text });
  const { values } = await runCollector(kubeletConfig, host);
  assert.deepEqual(
    sources(values).filter((source) => source.endsWith('configured')),
    ['imageGCHighThresholdPercent configured', 'containerLogMaxFiles configured'],
  );
  assert.equal(sources(values).filter((source) => source.endsWith('assumed')).length, 10);
});

test('while the kubelet is down, or its file is broken, its last settings stay, with the time of their reading', async (t) => {
  const { host, root } = temporaryHost(t, { ...KUBELET, '/k.yaml': 'imageGCHighThresholdPercent: 60\n' });
  let inventory: Inventory | undefined;
  const run = async (at: number) => {
    inventory = readInventory({ ...contextOf(host), now: () => at, dockerRoot: '' }, structuredClone(inventory));
    const clocks = { now: () => at, unixTime: () => 5000 + at };
    const { values, faults } = await runCollector(kubeletConfig, host, { ...clocks, facts: inventory.facts });
    const { kubelet_image_gc_high_threshold_ratio: high } = values;
    return [high, sources(values)[0], values.kubelet_settings_read_timestamp_seconds, faults];
  };
  const known = (readAt: number, ...faults: string[]) => [
    0.6,
    'imageGCHighThresholdPercent configured',
    readAt,
    faults,
  ];
  assert.deepEqual(await run(1000), known(6000));
  writeFileSync(join(root, 'k.yaml'), '{');
  assert.deepEqual(
    await run(1060),
    known(6000, "the kubelet's configuration: /k.yaml: unexpected end of the stream within a flow collection (line 1)"),
  );
  writeFileSync(join(root, 'k.yaml'), 'imageGCHighThresholdPercent: 60\n');
  assert.deepEqual(await run(1120), known(6120));
  rmSync(join(root, 'proc/42'), { recursive: true });
  rmSync(join(root, 'k.yaml'));
  assert.deepEqual(await run(1135), known(6120));
  assert.deepEqual(await run(9000), known(6120));
});
