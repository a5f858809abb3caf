import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { reclaim } from '../../../../exporter/node/collectors/reclaim.ts';
import { directoryOf } from '../containers/directory-of.ts';
import { temporaryHost } from '../host/temporary-host.ts';
import { type Run, runCollector } from '../run-collector.ts';

const UNIFIED = '31 22 0:25 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n';

/** Linux 4.19 that reclaims directly, recorded. */
const THRASHING = {
  '/proc/1/mountinfo': UNIFIED,
  '/proc/45/stat': '45 (kswapd0) S 2 0 0 0 -1 2230336 0 0 0 0 3 1234 0 0 20 0 1 0 21 0 0\n',
  // As lxcfs writes it.
  '/proc/meminfo': 'MemFree:          364000 kB\nMapped:                0 kB\n',
  '/proc/vmstat': `nr_mapped 244553
workingset_refault 71365357
workingset_activate 20281670
allocstall_normal 39
allocstall_movable 1980089
pgsteal_kswapd 36740923
pgsteal_direct 349291470
pgscan_kswapd 36878966
pgscan_direct 395327492
`,
  '/proc/zoneinfo': `Node 0, zone    DMA32
  pages free     7019
        low      9500
        managed  760023
Node 0, zone   Normal
  pages free     41519
        low      41771
        managed  3341779
`,
};

const HOST_VALUES = {
  kswapd_cpu_seconds_total: 12.37,
  'reclaim_scanned_pages_total{by="kswapd"}': 36_878_966,
  'reclaim_stolen_pages_total{by="kswapd"}': 36_740_923,
  'reclaim_scanned_pages_total{by="direct"}': 395_327_492,
  'reclaim_stolen_pages_total{by="direct"}': 349_291_470,
  'workingset_refaults_total{type="file"}': 71_365_357,
  allocation_stalls_total: 1_980_128,
  memory_above_low_watermark_bytes: -2733 * Number(execFileSync('getconf', ['PAGE_SIZE'], { encoding: 'utf8' })),
};

const container = (name: string, digit: string) =>
  ({ id: digit.repeat(64), runtime: 'docker', namespace: '', pod: '', container: name }) as const;
const [app, other] = [container('app', 'a'), container('other', 'b')];
const directory = ({ id }: { id: string }) => `sys/fs/cgroup/system.slice/docker-${id}.scope`;
const pressure = (some: number, full: number) =>
  `some avg10=0.00 avg60=0.00 avg300=0.00 total=${some}\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=${full}\n`;
const seconds = (name: string, some: number, full: number) => ({
  [`container_memory_pressure_seconds_total{namespace="",pod="",container="${name}",kind="some"}`]: some,
  [`container_memory_pressure_seconds_total{namespace="",pod="",container="${name}",kind="full"}`]: full,
});

test('a host that reclaims all the time', async (t) => {
  const { host } = temporaryHost(t, THRASHING);
  const { values, faults, absent } = await runCollector(reclaim, host);
  assert.deepEqual(values, HOST_VALUES);
  assert.deepEqual([faults, absent], [[], []]);
});

test('a file that is missing costs its own values', async (t) => {
  const vmstat = Object.keys(HOST_VALUES).filter((name) => !/^(kswapd|memory_above)/.test(name));
  const cases: Record<string, string[]> = {
    '/proc/vmstat': vmstat,
    '/proc/zoneinfo': ['memory_above_low_watermark_bytes'],
  };
  for (const [file, lost] of Object.entries(cases)) {
    const { host, root } = temporaryHost(t, THRASHING);
    rmSync(join(root, file));
    const { values, faults } = await runCollector(reclaim, host);
    const left = Object.entries(HOST_VALUES).filter(([name]) => !lost.includes(name));
    assert.deepEqual(values, Object.fromEntries(left), file);
    assert.equal(faults.length, 1);
    assert.match(faults[0] ?? '', new RegExp(file));
  }
});

test('a zoneinfo without zones is a fault', async (t) => {
  const { host, root } = temporaryHost(t, THRASHING);
  writeFileSync(join(root, 'proc/zoneinfo'), '');
  assert.match((await runCollector(reclaim, host)).faults.join(), /\/proc\/zoneinfo: no zone/);
});

test('processes of the host that are not to be seen', async (t) => {
  const { host, root } = temporaryHost(t, THRASHING);
  rmSync(join(root, 'proc/45'), { recursive: true });
  const { values, faults, absent } = await runCollector(reclaim, host);
  assert.equal(values.kswapd_cpu_seconds_total, undefined);
  assert.deepEqual(faults, []);
  assert.match(absent.join(), /^kswapd/);
});

test('what containers wait counts from the first look on, and does not fall', async (t) => {
  const { host, root } = temporaryHost(t, { ...THRASHING, [`/${directory(app)}/memory.pressure`]: pressure(5e6, 4e6) });
  const containers = directoryOf(app, other);
  const look = (previous?: unknown) => runCollector(reclaim, host, { containers, previous });
  const found = ({ values }: Run) =>
    Object.fromEntries(Object.entries(values).filter(([name]) => name.startsWith('container_')));

  const first = await look();
  assert.deepEqual(found(first), { ...seconds('app', 0, 0), ...seconds('other', 0, 0) });

  write(root, app, pressure(7.5e6, 4e6));
  write(root, other, pressure(1e6, 0));
  const second = await look(first.state);
  assert.deepEqual(found(second), { ...seconds('app', 2.5, 0), ...seconds('other', 1, 0) });

  write(root, app, 'garbage\n');
  const broken = await look(second.state);
  assert.match(broken.faults.join(), /memory\.pressure: not a pressure file/);
  assert.deepEqual(found(broken), found(second));

  write(root, app, pressure(8e6, 5e6));
  rmSync(join(root, directory(other)), { recursive: true });
  const third = await look(broken.state);
  assert.deepEqual(found(third), { ...seconds('app', 3, 1), ...seconds('other', 1, 0) });
});

test('no memory.pressure is nothing known', async (t) => {
  const { host } = temporaryHost(t, { ...THRASHING, [`/${directory(app)}/memory.current`]: '1\n' });
  const first = await runCollector(reclaim, host, { containers: directoryOf(app) });
  assert.deepEqual(first.values, HOST_VALUES);
  assert.match(first.absent.join(), /^memory\.pressure/);
  const second = await runCollector(reclaim, host, { containers: directoryOf(app), previous: first.state });
  assert.deepEqual(second.values, HOST_VALUES);
});

test('the first container of a host counts from 0', async (t) => {
  const { host, root } = temporaryHost(t, THRASHING);
  const first = await runCollector(reclaim, host);
  write(root, app, pressure(2e6, 1e6));
  const { values } = await runCollector(reclaim, host, { containers: directoryOf(app), previous: first.state });
  assert.deepEqual(values, { ...HOST_VALUES, ...seconds('app', 2, 1) });
});

function write(root: string, of: { id: string }, text: string): void {
  mkdirSync(join(root, directory(of)), { recursive: true });
  writeFileSync(join(root, directory(of), 'memory.pressure'), text);
}
