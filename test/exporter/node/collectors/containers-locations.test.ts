import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { containers } from '../../../../exporter/node/collectors/containers.ts';
import { processEntries } from '../host/process-entries.ts';
import { temporaryHost } from '../host/temporary-host.ts';
import { runCollector } from '../run-collector.ts';

test('where things are, told in the log when it changes; while the kubelet is down it stays', async (t) => {
  const { host, root } = temporaryHost(t, {
    ...processEntries(42, 'kubelet', { args: ['--config=/k.yaml'] }),
    '/k.yaml': 'podLogsDir: /data/pods\n',
  });
  let previous: unknown;
  const run = async (at: number) => {
    const { values, state, notices = [] } = await runCollector(containers, host, { previous, now: () => at });
    previous = structuredClone(state);
    const locations = Object.keys(values).filter((name) => name.startsWith('location_info'));
    return { locations, notices: notices.map(({ message, about }) => [message, ...Object.values(about)].join(' ')) };
  };
  const locations = [
    'location_info{what="kubelet_config",path="/k.yaml",source="configured"}',
    'location_info{what="kubelet_root",path="/var/lib/kubelet",source="assumed"}',
    'location_info{what="pod_logs",path="/data/pods",source="configured"}',
  ];
  const first = await run(1000);
  assert.deepEqual(first.locations, locations);
  assert.deepEqual(first.notices, [
    "location kubelet_config /k.yaml configured --config of the kubelet's command line",
    "location kubelet_root /var/lib/kubelet assumed the kubelet's default",
    'location pod_logs /data/pods configured podLogsDir of /k.yaml',
  ]);
  assert.deepEqual(await run(1060), { locations, notices: [] });
  rmSync(join(root, 'proc/42'), { recursive: true });
  writeFileSync(join(root, 'k.yaml'), 'podLogsDir: /other\n');
  assert.deepEqual(await run(9000), { locations, notices: [] });
});

test('the pods of the logs are those where the kubelet has them', async (t) => {
  const uid = '6d09ce6c-c0fa-4561-9f2c-f4caf49448d6';
  const { host } = temporaryHost(t, {
    ...processEntries(42, 'kubelet', { args: ['--config=/k.yaml'] }),
    '/k.yaml': 'podLogsDir: /data/pods\n',
    [`/data/pods/shop_web_${uid}/app/0.log`]: '',
    '/var/log/pods/old_web_1/app/0.log': '',
  });
  const { state } = await runCollector(containers, host);
  assert.deepEqual((state as { pods: unknown }).pods, [{ namespace: 'shop', pod: 'web', uid }]);
});
