import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { lookUpKubelet } from '../../../../exporter/node/inventory/lookups.ts';
import { kubeletLocations } from '../../../../exporter/node/locations/kubelet.ts';
import { processEntries } from '../host/process-entries.ts';
import { type Entry, temporaryHost } from '../host/temporary-host.ts';
import { contextOf } from '../run-collector.ts';

const USUAL = '/var/lib/kubelet/config.yaml';
const KIND = 'kind: KubeletConfiguration\n';

const kubelet = (...args: string[]) => processEntries(42, 'kubelet', { args });

function locations(t: TestContext, entries: Record<string, Entry>): string[] {
  const context = contextOf(temporaryHost(t, entries).host);
  const found = kubeletLocations(context.host, lookUpKubelet(context).configuration);
  return found.map(({ what, path, source, by }) => `${what} ${path} ${source}: ${by}`);
}

test('a host without a kubelet has none, but what lies in the usual places', (t) => {
  assert.deepEqual(locations(t, { '/var/lib/docker/x': '' }), []);
  assert.deepEqual(locations(t, { '/var/log/pods/.keep': '', [USUAL]: KIND, '/var/lib/kubelet/pods/.keep': '' }), [
    `kubelet_config ${USUAL} found: the usual places`,
    'kubelet_root /var/lib/kubelet found: what lies there',
    'pod_logs /var/log/pods found: what lies there',
  ]);
});

test('a kubelet that says nothing has the defaults, assumed until something lies there', (t) => {
  assert.deepEqual(locations(t, kubelet()), [
    "kubelet_root /var/lib/kubelet assumed: the kubelet's default",
    "pod_logs /var/log/pods assumed: the kubelet's default",
  ]);
});

test('what the kubelet was told in its file, drop-ins and flags', (t) => {
  const entries = {
    ...kubelet('--config=/k.yaml', '--config-dir=/d', '--root-dir=/data/kubelet'),
    '/k.yaml': `${KIND}podLogsDir: /logs\n`,
    '/d/1.conf': 'podLogsDir: /data/log/pods/\ncontainerRuntimeEndpoint: unix:///run/k0s/containerd.sock\n',
    '/var/log/pods/.keep': '',
    '/var/lib/kubelet/pods/.keep': '',
  };
  assert.deepEqual(locations(t, entries), [
    "kubelet_config /k.yaml configured: --config of the kubelet's command line",
    "kubelet_root /data/kubelet configured: --root-dir of the kubelet's command line",
    'pod_logs /data/log/pods configured: podLogsDir of /k.yaml, /d/1.conf',
  ]);
});

test('MicroK8s, whose kubelet has flags in a file', (t) => {
  const path = '/var/snap/microk8s/current/args/kubelet';
  const entries = {
    ...processEntries(42, 'kubelite', { args: [`--kubelet-args-file=${path}`] }),
    [path]: `--root-dir=\${SNAP_COMMON}/var/lib/kubelet\n--container-runtime-endpoint=\${SNAP_COMMON}/run/containerd.sock\n`,
    '/var/log/pods/.keep': '',
  };
  assert.deepEqual(locations(t, entries), [
    `kubelet_root /var/snap/microk8s/common/var/lib/kubelet configured: --root-dir of ${path}`,
    'pod_logs /var/log/pods found: what lies there',
  ]);
});
