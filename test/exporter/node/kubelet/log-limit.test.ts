import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { inspectKubelet } from '../../../../exporter/node/inventory/lookups.ts';
import { logLimit } from '../../../../exporter/node/kubelet/log-limit.ts';
import { FIXTURES } from '../../../paths.ts';
import { processEntries } from '../host/process-entries.ts';
import { type Entry, temporaryHost } from '../host/temporary-host.ts';
import { contextOf } from '../run-collector.ts';

const MIB = 1024 ** 2;
const USUAL = '/var/lib/kubelet/config.yaml';

const kubelet = (...args: string[]) => processEntries(42, 'kubelet', { args });

function limit(t: TestContext, entries: Record<string, Entry>): number | undefined {
  const fault = (_: string, error: unknown) => {
    throw error;
  };
  const { configuration } = inspectKubelet(contextOf(temporaryHost(t, entries).host, { fault }));
  return configuration && logLimit(configuration);
}

test('a host without a kubelet has none', (t) => {
  assert.equal(limit(t, {}), undefined);
});

test('the recorded configuration', (t) => {
  const text = readFileSync(join(FIXTURES, `host-containerd-cgroup1${USUAL}`), 'utf8');
  assert.equal(limit(t, { [USUAL]: text }), 5 * 10 * MIB);
});

test('size and number of files of the usual configuration', (t) => {
  assert.equal(limit(t, { [USUAL]: 'containerLogMaxSize: 1Mi\ncontainerLogMaxFiles: 3\n' }), 3 * MIB);
  assert.equal(limit(t, { [USUAL]: 'containerLogMaxSize: 1000\n' }), 5000);
  assert.equal(limit(t, { [USUAL]: 'containerLogMaxSize: ~\ncontainerLogMaxFiles: 2\n' }), 20 * MIB);
  assert.equal(limit(t, { [USUAL]: '{"containerLogMaxSize": "-1"}' }), Infinity);
  assert.equal(limit(t, { [USUAL]: 'kind: KubeletConfiguration\n' }), 50 * MIB);
});

test('the configuration that the kubelet was started with', (t) => {
  const entries = { '/etc/kubelet.yaml': 'containerLogMaxSize: 2Mi\n', [USUAL]: 'containerLogMaxSize: 3Mi\n' };
  assert.equal(limit(t, { ...entries, ...kubelet('--config', '/etc/kubelet.yaml') }), 10 * MIB);
  assert.throws(
    () => limit(t, { ...entries, ...kubelet('--config=/absent.yaml') }),
    /^Error: \/absent.yaml: not found/,
  );
  const relative = { ...kubelet('--config=kubelet.yaml'), '/proc/42/cwd': { link: '/etc' } };
  assert.equal(limit(t, { ...entries, ...relative }), 10 * MIB);
  assert.equal(limit(t, { ...entries, ...kubelet('--config=kubelet.yaml') }), 15 * MIB);
  assert.equal(limit(t, { ...entries, ...kubelet() }), 50 * MIB);
});

test('flags override the configuration', (t) => {
  const flags = kubelet(`--config=${USUAL}`, '--container-log-max-size=4Mi', '--container-log-max-files', '2');
  assert.equal(limit(t, { ...flags, [USUAL]: 'containerLogMaxSize: 1Mi\ncontainerLogMaxFiles: 9\n' }), 8 * MIB);
});

test('a configuration that makes no sense is an error', (t) => {
  for (const text of [
    'containerLogMaxSize: big\n',
    'containerLogMaxSize: {a: 1}\n',
    'a: b: c\n',
    '{',
    'containerLogMaxFiles: many\n',
  ]) {
    assert.throws(() => limit(t, { [USUAL]: text }), /^Error: \/var\/lib\/kubelet\/config.yaml: /, text);
  }
});
