import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Collector, Reads } from '../../../../exporter/node/collector.ts';
import { collectors } from '../../../../exporter/node/collectors/index.ts';
import { Host } from '../../../../exporter/node/host/host.ts';
import { HostHidden, runCollector } from '../../../../exporter/node/scheduling/run.ts';
import { directoryOf } from '../containers/directory-of.ts';
import { temporaryDirectory, temporaryHost, writeEntries } from '../host/temporary-host.ts';
import { contextOf } from '../run-collector.ts';

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

/** Runs it on a host whose root file system is lost, before the run or in it. */
async function run(t: TestContext, collector: Collector, lost?: 'before' | 'meanwhile') {
  const root = temporaryDirectory(t);
  writeEntries(root, { '/proc/1/comm': 'init\n', '/root/etc/hostname': 'a\n' });
  const lose = () => rmSync(join(root, 'root/etc'), { recursive: true });
  const faults: string[] = [];
  const context = contextOf(new Host({ procfs: `${root}/proc`, sysfs: `${root}/sys`, rootfs: `${root}/root` }), {
    containers: directoryOf(WEB),
    fault: (about, error) => faults.push(`${about}: ${(error as Error).message}`),
  });
  if (lost === 'before') lose();
  let hasRun = false;
  const collect: Collector['collect'] = (...given) => {
    hasRun = true;
    if (lost === 'meanwhile') lose();
    return collector.collect(...given);
  };
  const ended = await runCollector({ ...collector, collect }, context, undefined).then(
    ({ unmeasured }) => ({ unmeasured, error: undefined }),
    (error: unknown) => ({ unmeasured: undefined, error }),
  );
  return { ...ended, faults, hasRun };
}

test('each reason for which a container may not be measured is 0 unless the collector says otherwise', async (t) => {
  const none = { host_not_visible: 0, too_large: 0 };
  assert.deepEqual((await run(t, collectorThat(undefined))).unmeasured, none);
  const one = await run(t, collectorThat({ rootfs: 'all' }, { too_large: 1 }));
  assert.deepEqual([one.unmeasured, one.faults], [{ ...none, too_large: 1 }, []]);
});

for (const lost of ['before', 'meanwhile'] as const) {
  test(`a collector whose values all come from a tree that shows no host has none (lost ${lost})`, async (t) => {
    const { error, hasRun } = await run(t, collectorThat({ rootfs: 'all' }), lost);
    assert.ok(error instanceof HostHidden);
    assert.equal(error.message, '--path.rootfs shows no host: the directory is empty');
    assert.deepEqual(error.unmeasured, { host_not_visible: 1, too_large: 0 });
    assert.equal(hasRun, lost === 'meanwhile');
  });

  test(`one that takes a part from it runs, and has failed (lost ${lost})`, async (t) => {
    const { faults, hasRun } = await run(t, collectorThat({ rootfs: 'part', procfs: 'all' }), lost);
    assert.deepEqual(faults, ['--path.rootfs: --path.rootfs shows no host: the directory is empty']);
    assert.ok(hasRun);
  });
}

test('another tree, or none, is not its concern', async (t) => {
  for (const reads of [{ procfs: 'all' }, undefined] as const) {
    const { faults, hasRun } = await run(t, collectorThat(reads), 'before');
    assert.deepEqual([faults, hasRun], [[], true]);
  }
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
