import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { collectors } from '../../exporter/node/collectors/index.ts';
import { type ExporterProcess, startExporter, until } from '../exporter-process.ts';
import { parseExposition, sampleValue } from '../exposition-text.ts';
import { assertAgreement, SOON } from '../real/agreement.ts';
import { diskUsage } from '../real/disk-usage.ts';

// Run by the matrix on machines that systemd has booted on cgroup v2, which the name of this file keeps out of `npm test`.

const FAST_COLLECTORS = [
  'containers',
  'container_logs',
  'writable_layers',
  'zombies',
  'pids',
  'memory_cgroups',
  'systemd_mounts',
  'reclaim',
];
const ZOMBIES = 30;
const CARELESS = 'careless.service';

test('a host with systemd', async (t) => {
  await run('systemctl', 'start', 'docker');
  const exporter = await startExporter([
    ...FAST_COLLECTORS.map((name) => `--collector.${name}.schedule=*/2 * * * * *`),
    // An emulated machine is no faulty one.
    ...collectors.map(({ name }) => `--collector.${name}.timeout=120`),
  ]);
  t.after(() => exporter.stop());

  await t.test('transient units are those that systemctl lists', () => assertTransientUnits(exporter));
  await t.test('mounts are those of the first process', () =>
    assertAgreement(exporter, valueFor('foreshock_mounts'), () => linesOf('/proc/1/mountinfo').length),
  );
  await t.test('memory cgroups are the directories that have memory.stat', () =>
    assertAgreement(exporter, valueFor('foreshock_memory_cgroups'), memoryCgroups),
  );
  await t.test('dying cgroups are those of cgroup.stat', () => assertDyingCgroups(exporter));
  await t.test('zombies have the cgroup of their service', () => assertZombies(exporter));
  await t.test('threads are those that ps lists', () => assertThreads(exporter));
  await t.test('a container of Docker is known, with its pressure, log and layer', () => assertContainer(exporter));
  await t.test('every collector succeeds', async () => {
    const lines = parseExposition(await exporter.scrape()).filter(({ name }) => name === 'foreshock_collector_success');
    assert.ok(lines.length > 10);
    for (const { labels, value } of lines) assert.equal(value, 1, `${labels.collector}: ${exporter.log()}`);
  });
});

/** A scope, two services and a mount more than there were. */
async function assertTransientUnits(exporter: ExporterProcess): Promise<void> {
  const before = await transientUnits();
  await run('systemd-run', '--unit=one', 'sleep', '100000');
  await run('systemd-run', '--unit=two', 'sleep', '100000');
  await run('sh', '-c', 'systemd-run --scope --unit=three sleep 100000 >/dev/null 2>&1 &');
  await run('systemd-mount', '--type=tmpfs', 'tmpfs', '/run/four');
  await until(
    async () => (await transientUnits()).scope,
    (scopes) => scopes === (before.scope ?? 0) + 1,
    SOON,
  );
  assert.deepEqual(await transientUnits(), {
    ...before,
    service: (before.service ?? 0) + 2,
    scope: (before.scope ?? 0) + 1,
    mount: (before.mount ?? 0) + 1,
  });
  const found = (text: string) => {
    const lines = parseExposition(text).filter(({ name }) => name === 'foreshock_systemd_transient_units');
    return Object.fromEntries(lines.map(({ labels, value }) => [labels.type, value]));
  };
  await assertAgreement(exporter, found, transientUnits);
}

/** By type; scopes and mounts also where there are none. Without init.scope, of systemd itself, which counts as transient too. */
async function transientUnits(): Promise<Record<string, number>> {
  const shown = await run('systemctl', 'show', '--all', '--property=Id,Transient', '*');
  const transient = shown.split('\n\n').filter((unit) => /^Transient=yes$/m.test(unit));
  const ids = transient.map((unit) => /^Id=(.*)$/m.exec(unit)?.[1] ?? '').filter((id) => id !== 'init.scope');
  const counts: Record<string, number> = { scope: 0, mount: 0 };
  for (const type of ids.map((id) => id.slice(id.lastIndexOf('.') + 1))) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}

function memoryCgroups(): number {
  const files = readdirSync('/sys/fs/cgroup', { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file === 'memory.stat' || file.endsWith('/memory.stat')).length;
}

/** The kernel may let go of one at any moment. */
async function assertDyingCgroups(exporter: ExporterProcess): Promise<void> {
  const dying = () =>
    Number(/^nr_dying_descendants (\d+)$/m.exec(readFileSync('/sys/fs/cgroup/cgroup.stat', 'utf8'))?.[1]);
  const difference = async () =>
    Math.abs((valueFor('foreshock_memory_cgroups_dying')(await exporter.scrape()) ?? Number.NaN) - dying());
  await until(difference, (cgroups) => cgroups <= 2, SOON);
}

async function assertZombies(exporter: ExporterProcess): Promise<void> {
  const script = `for (1..${ZOMBIES}) { my $pid = fork(); exit if $pid == 0 } sleep 100000`;
  await run('systemd-run', `--unit=${CARELESS}`, 'perl', '-e', script);
  const where = { cgroup: `/system.slice/${CARELESS}` };
  await assertAgreement(
    exporter,
    (text) => [
      sampleValue(text, 'foreshock_zombie_processes', where),
      sampleValue(text, 'foreshock_zombie_parent_processes', { ...where, command: 'perl' }),
    ],
    async () => {
      const pid = (await run('systemctl', 'show', '--property=MainPID', '--value', CARELESS)).trim();
      const listed = (await run('ps', '-e', '-o', 'ppid=,stat=')).split('\n');
      const zombies = listed.filter((line) => new RegExp(`^ *${pid} +Z`).test(line)).length;
      return [zombies === ZOMBIES ? ZOMBIES : `${zombies} by ps`, zombies];
    },
  );
}

/** But for those that come and go meanwhile, and the heading of ps. */
async function assertThreads(exporter: ExporterProcess): Promise<void> {
  const difference = async () => {
    const used = valueFor('foreshock_pids_used')(await exporter.scrape()) ?? Number.NaN;
    return Math.abs(used - (await run('ps', '-eLf')).trim().split('\n').length);
  };
  await until(difference, (threads) => threads <= 30, SOON);
}

/** Docker with the data root and the cgroups that it has by default. */
async function assertContainer(exporter: ExporterProcess): Promise<void> {
  await run('docker', 'import', '/usr/local/share/busybox.tar', 'busybox');
  const script = 'seq 5000; dd if=/dev/zero of=/file bs=1M count=5; sync; exec sleep 100000';
  const flags = ['--network=none', '--name=calm'];
  const id = (await run('docker', 'run', '-d', ...flags, 'busybox', 'sh', '-c', script)).trim();
  const inspect = async (field: string) => (await run('docker', 'inspect', `--format={{${field}}}`, id)).trim();
  const [log, layer] = [await inspect('.LogPath'), await inspect('.GraphDriver.Data.UpperDir')];
  const pressure = `/sys/fs/cgroup/system.slice/docker-${id}.scope/memory.pressure`;
  await assertAgreement(
    exporter,
    (text) => [
      sampleValue(text, 'foreshock_container_info', { container: 'calm', container_id: `docker://${id}` }),
      sampleValue(text, 'foreshock_container_memory_pressure_seconds_total', { container: 'calm', kind: 'some' }),
      sampleValue(text, 'foreshock_container_pids_limit_hits_total', { container: 'calm' }),
      sampleValue(text, 'foreshock_container_log_bytes', { container: 'calm' }),
      sampleValue(text, 'foreshock_container_writable_layer_bytes', { container: 'calm' }),
    ],
    () => {
      const waited = Number(/^some .*total=(\d+)$/m.exec(readFileSync(pressure, 'utf8'))?.[1]) / 1e6;
      return [1, waited, 0, diskUsage(log), diskUsage(layer)];
    },
  );
  assert.ok(diskUsage(layer) >= 5 * 1024 ** 2);
  assert.ok(diskUsage(log) >= 5000 * 5);
}

function valueFor(metric: string): (text: string) => number | undefined {
  return (text) => sampleValue(text, metric);
}

function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n').filter(Boolean);
}

/** The standard output of a program; meanwhile, connections to the exporter that it closes are seen. */
async function run(program: string, ...args: readonly string[]): Promise<string> {
  return (await promisify(execFile)(program, args)).stdout;
}
