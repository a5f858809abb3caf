import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Collector, Reads } from '../../../../exporter/node/collector.ts';
import { collectors } from '../../../../exporter/node/collectors/index.ts';
import type { HiddenTree } from '../../../../exporter/node/inventory/visibility.ts';
import { HostHidden, runCollector } from '../../../../exporter/node/scheduling/run.ts';
import { directoryOf } from '../containers/directory-of.ts';
import { temporaryHost } from '../host/temporary-host.ts';
import { contextOf } from '../run-collector.ts';

const ROOT_LOST: HiddenTree = { tree: 'rootfs', reason: 'the directory is empty' };
const WEB = { id: 'a'.repeat(64), runtime: 'docker', namespace: '', pod: '', container: 'web' } as const;

function collectorThat(reads: Reads | undefined, unmeasured: Record<string, number> = {}): Collector {
  return {
    name: 'test',
    help: '',
    description: '',
    metrics: [],
    options: {},
    schedule: '* * * * * *',
    timeoutSeconds: 1,
    unmeasuredReasons: ['host_not_visible', 'too_large'],
    ...(reads && { reads }),
    collect: () => ({ samples: [], unmeasured }),
  };
}

function run(collector: Collector, hidden: readonly HiddenTree[], faults: string[] = []) {
  const context = contextOf({} as never, {
    containers: directoryOf(WEB),
    facts: { visibility: { foundAt: 0, value: { hidden, unread: [] } } },
    fault: (about, error) => faults.push(`${about}: ${(error as Error).message}`),
  });
  return runCollector(collector, context, undefined);
}

test('each reason for which a container may not be measured is 0 unless the collector says otherwise', async () => {
  const none = { host_not_visible: 0, too_large: 0 };
  assert.deepEqual((await run(collectorThat(undefined), [])).unmeasured, none);
  const one = await run(collectorThat(undefined, { too_large: 1 }), []);
  assert.deepEqual(one.unmeasured, { ...none, too_large: 1 });
});

test('a collector whose values all come from a tree that shows no host does not run', async () => {
  const isHidden = (error: unknown) => {
    assert.ok(error instanceof HostHidden);
    assert.equal(error.message, '--path.rootfs shows no host: the directory is empty');
    assert.deepEqual(error.unmeasured, { host_not_visible: 1, too_large: 0 });
    return true;
  };
  await assert.rejects(run(collectorThat({ rootfs: 'all' }), [ROOT_LOST]), isHidden);
  await run(collectorThat({ rootfs: 'all' }), []);
});

test('one that takes a part from it runs, and has failed', async () => {
  const faults: string[] = [];
  await run(collectorThat({ rootfs: 'part', procfs: 'all' }), [ROOT_LOST], faults);
  assert.deepEqual(faults, ['--path.rootfs: --path.rootfs shows no host: the directory is empty']);
});

test('another tree, or none, is not its concern', async () => {
  const faults: string[] = [];
  await run(collectorThat({ procfs: 'all' }), [ROOT_LOST], faults);
  await run(collectorThat(undefined), [ROOT_LOST], faults);
  assert.deepEqual(faults, []);
});

test('every collector of files says where it reads, and the first reports what is hidden', async (t) => {
  const [first, ...others] = collectors;
  const silent = others.filter(({ reads }) => !reads).map(({ name }) => name);
  assert.deepEqual(silent, ['kubelet_endpoints'], 'it asks over the network');
  assert.equal(first?.reads, undefined);
  const { host } = temporaryHost(t, { '/proc/self/mountinfo': '' });
  const faults: string[] = [];
  const options = { 'docker-root': '' };
  const given = contextOf(host, { options, fault: (about) => faults.push(about) });
  const { notReady } = await runCollector(first as Collector, given, undefined);
  assert.equal(notReady, '--path.procfs shows no host: its process 1 has no mounts');
  assert.deepEqual(faults, ['--path.procfs']);
});
