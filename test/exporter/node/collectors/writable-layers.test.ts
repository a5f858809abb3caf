import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { writableLayers } from '../../../../exporter/node/collectors/writable-layers.ts';
import type { Container } from '../../../../exporter/node/containers/container.ts';
import { diskUsage } from '../../../real/disk-usage.ts';
import { directoryOf } from '../containers/directory-of.ts';
import { type Entry, temporaryHost } from '../host/temporary-host.ts';
import { type Run, runCollector } from '../run-collector.ts';

type Layer = Container & { readonly layer: string };

function container(name: string, digit: string): Layer {
  const id = digit.repeat(64);
  return { id, runtime: 'docker', namespace: '', pod: '', container: name, layer: `/layers/${name}-${digit}/diff` };
}

const [WEB, REPLICA, DB] = [container('web', 'a'), container('web', 'b'), container('db', 'c')];
const cgroup = ({ id }: Container) => `/sys/fs/cgroup/system.slice/docker-${id}.scope`;

const UNIFIED = {
  '/proc/1/mountinfo': '31 22 0:25 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n',
  '/sys/fs/cgroup/cgroup.controllers': 'cpu memory pids\n',
};

const file = ({ layer }: Layer, path: string, kilobytes: number) => ({
  [`${layer}/${path}`]: 'x'.repeat(1000 * kilobytes),
});
const cpu = (of: Container, microseconds: number) => ({ [`${cgroup(of)}/cpu.stat`]: `usage_usec ${microseconds}\n` });

/** Looks at layers that change, at these seconds after the start; the system's clock is far from the monotonic one. */
function looks(t: TestContext, entries: Record<string, Entry>, options: Record<string, number> = {}) {
  const { host, root } = temporaryHost(t, { ...UNIFIED, ...entries });
  let previous: unknown;
  return {
    root,
    disk: (...paths: string[]) => diskUsage(...paths.map((path) => join(root, path))),
    write(more: Record<string, string>) {
      for (const [path, text] of Object.entries(more)) {
        mkdirSync(join(root, dirname(path)), { recursive: true });
        writeFileSync(join(root, path), text);
      }
    },
    async next(at: number, ...containers: Container[]): Promise<Run> {
      // Blocks are allocated for good once they are on the disk.
      execFileSync('sync', ['-f', root]);
      const clocks = { now: () => 1000 + at, unixTime: () => 1.8e9 + at };
      const run = await runCollector(writableLayers, host, {
        containers: directoryOf(...containers),
        previous,
        options,
        ...clocks,
      });
      previous = run.state;
      return run;
    },
  };
}

const unmeasured = (counts: object) => ({ not_scanned: 0, layer_not_found: 0, layer_not_walkable: 0, ...counts });
const series = (of: string, name: string) => `container_writable_layer_${of}{namespace="",pod="",container="${name}"}`;
const directory = (name: string, path: string) =>
  `container_writable_layer_directory_bytes{namespace="",pod="",container="${name}",directory="${path}"}`;
const values = (name: string, bytes: number, inodes: number, scannedAt: number) => ({
  [series('bytes', name)]: bytes,
  [series('inodes', name)]: inodes,
  [series('unscanned_directories', name)]: 0,
  [series('scan_timestamp_seconds', name)]: 1.8e9 + scannedAt,
});

test('the size of a layer as of its last scan, until its container is gone', async (t) => {
  const { disk, next } = looks(t, { ...file(WEB, 'var/log/a', 50), ...file(DB, 'data', 9) });
  const found = await next(0, WEB, DB);
  assert.deepEqual(found.values, {
    ...values('web', disk(WEB.layer), 4, 0),
    ...values('db', disk(DB.layer), 2, 0),
  });
  assert.ok(disk(WEB.layer) >= 50_000);
  assert.deepEqual([found.faults, found.unmeasured], [[], unmeasured({ not_scanned: 0 })]);
  assert.deepEqual((await next(60, DB)).values, values('db', disk(DB.layer), 2, 60));
  assert.deepEqual((await next(120)).values, {});
});

test('a container whose layer is not known has no series', async (t) => {
  const { layer: _, ...unknown } = WEB;
  const missing = { missingLayer: 'layer_not_found' } as const;
  const elsewhere = { missingLayer: 'layer_not_walkable' } as const;
  const found = await looks(t, {}).next(0, { ...unknown, ...missing }, { ...unknown, ...elsewhere, id: 'x' });
  assert.deepEqual([found.values, found.unmeasured], [{}, unmeasured({ layer_not_found: 1, layer_not_walkable: 1 })]);
});

test('a container of containerd that exited before anybody looked has a layer that is not known', async (t) => {
  const cri = '/var/lib/containerd/io.containerd.grpc.v1.cri';
  const [known, exited, pod] = [WEB.id, 'e'.repeat(64), 'f'.repeat(64)];
  const { next } = looks(t, {
    ...file(WEB, 'a', 9),
    [`${cri}/containers/${known}/status`]: '{}',
    [`${cri}/containers/${exited}/status`]: '{}',
    [`${cri}/sandboxes/${pod}/x`]: '',
    [`${cri}/containers/other`]: '',
  });
  assert.deepEqual((await next(0, WEB)).unmeasured, unmeasured({ layer_not_found: 2 }));
});

test('a layer is scanned again when its container ran, not before, and is otherwise known to be as it was', async (t) => {
  const { disk, write, next } = looks(t, { ...file(WEB, 'a', 9), ...cpu(WEB, 1) });
  await next(0, WEB);
  const before = disk(WEB.layer);
  write(file(WEB, 'b', 90));
  assert.deepEqual((await next(60, WEB)).values, values('web', before, 2, 60));
  write(cpu(WEB, 2));
  // It ran, but is not known to have written: its figures are as old as the last look before it did.
  assert.deepEqual((await next(61, WEB)).values, values('web', before, 2, 60));
  assert.deepEqual((await next(90, WEB)).values, values('web', disk(WEB.layer), 3, 90));
});

test('a layer that is known to have grown is scanned at once', async (t) => {
  const processes = { [`${cgroup(WEB)}/cgroup.procs`]: '42\n' };
  const { disk, write, next } = looks(t, {
    ...file(WEB, 'a', 9),
    ...cpu(WEB, 1),
    ...processes,
    '/proc/42/io': 'write_bytes: 0\n',
  });
  await next(0, WEB);
  write({ ...file(WEB, 'b', 90), ...cpu(WEB, 2), '/proc/42/io': `write_bytes: ${1024 ** 2}\n` });
  assert.deepEqual((await next(60, WEB)).values, values('web', disk(WEB.layer), 3, 60));
});

test('instances of one name are added up, and are as old as the oldest scan', async (t) => {
  const { disk, write, next } = looks(t, { ...file(WEB, 'a', 9), ...file(REPLICA, 'a', 9), ...cpu(WEB, 1) });
  await next(0, WEB, REPLICA);
  write({ ...file(WEB, 'b', 90), ...cpu(WEB, 2) });
  // The replica does not run.
  const before = await next(60, WEB, REPLICA);
  assert.equal(before.values[series('scan_timestamp_seconds', 'web')], 1.8e9);
  const after = await next(90, WEB, REPLICA);
  assert.deepEqual(after.values, values('web', disk(WEB.layer, REPLICA.layer), 5, 90));
});

test('a layer that is not there is unmeasured, as is the sum that it belongs to, and no fault', async (t) => {
  const { disk, next } = looks(t, { ...file(WEB, 'a', 9), ...file(DB, 'a', 9) });
  const found = await next(0, WEB, REPLICA, DB);
  assert.deepEqual(found.values, values('db', disk(DB.layer), 2, 0));
  assert.deepEqual([found.faults, found.unmeasured], [[], unmeasured({ not_scanned: 1 })]);
});

test('a layer that cannot be read is a fault, has no size, and hides no other', async (t) => {
  const { root, disk, next } = looks(t, { ...file(WEB, 'a', 9), ...file(DB, 'a', 9) });
  const layer = join(root, WEB.layer);
  renameSync(layer, `${layer}.1`);
  symlinkSync('diff', layer);
  const broken = await next(0, WEB, DB);
  assert.deepEqual(broken.values, values('db', disk(DB.layer), 2, 0));
  assert.match(broken.faults.join('\n'), new RegExp(`^${WEB.layer}: ELOOP[^\\n]*$`));
  assert.deepEqual(broken.unmeasured, unmeasured({ not_scanned: 1 }));
  rmSync(layer);
  renameSync(`${layer}.1`, layer);
  const mended = await next(1, WEB, DB);
  assert.deepEqual(mended.values, { ...values('db', disk(DB.layer), 2, 1), ...values('web', disk(WEB.layer), 2, 1) });
  assert.deepEqual([mended.faults, mended.unmeasured], [[], unmeasured({ not_scanned: 0 })]);
});

test('the largest directories of a large layer, each with what is below it', async (t) => {
  const options = { 'directory-min-bytes': 50_000, directories: 2, 'directory-depth': 2 };
  const { disk, next } = looks(
    t,
    {
      ...file(WEB, 'var/log/app/a', 60),
      ...file(WEB, 'tmp/a', 20),
      ...file(WEB, 'etc/a', 5),
      ...file(DB, 'var/a', 20),
    },
    options,
  );
  const { values: found } = await next(0, WEB, DB);
  const directories = Object.entries(found).filter(([name]) => name.includes('directory='));
  assert.deepEqual(Object.fromEntries(directories), {
    [directory('web', '/var')]: disk(`${WEB.layer}/var`),
    [directory('web', '/var/log')]: disk(`${WEB.layer}/var/log`),
  });
});

test('a run whose time is over leaves layers to the next one, which begins with them', async (t) => {
  const { host } = temporaryHost(t, { ...UNIFIED, ...file(WEB, 'a', 9), ...file(DB, 'a', 9) });
  let now = 1000;
  // Each walk takes 40 s, and a run has 30.
  const progress = () => {
    now += 40;
  };
  const context = { containers: directoryOf(WEB, DB), now: () => now, progress };
  const scanned = ({ values: found }: Run) => ['web', 'db'].filter((name) => series('bytes', name) in found);
  const first = await runCollector(writableLayers, host, context);
  assert.deepEqual([scanned(first), first.unmeasured], [['web'], unmeasured({ not_scanned: 1 })]);
  const second = await runCollector(writableLayers, host, { ...context, previous: first.state });
  assert.deepEqual([scanned(second), second.unmeasured], [['web', 'db'], unmeasured({ not_scanned: 0 })]);
});
