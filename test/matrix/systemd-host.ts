import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { type ExporterProcess, startExporter, until } from '../exporter-process.ts';
import { parseExposition, sampleValue } from '../exposition-text.ts';
import { assertAgreement, SOON } from '../real/agreement.ts';

// Run by the matrix on machines that systemd has booted on cgroup v2, which the name of this file keeps out of `npm test`.

const FAST_COLLECTORS = ['containers', 'systemd_mounts', 'memory_cgroups', 'zombies', 'pids', 'reclaim'];
const ZOMBIES = 30;
const CARELESS = 'careless.service';

test('a host with systemd', async (t) => {
  await run('systemctl', 'start', 'docker');
  const exporter = await startExporter(FAST_COLLECTORS.map((name) => `--collector.${name}.schedule=*/2 * * * * *`));
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
  await t.test('a container of Docker is known, with its pressure', () => assertContainer(exporter));
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

/** Docker with its own data root and the cgroups of systemd. */
async function assertContainer(exporter: ExporterProcess): Promise<void> {
  await run('docker', 'import', '/usr/local/share/busybox.tar', 'busybox');
  const flags = ['--network=none', '--name=calm'];
  const id = (await run('docker', 'run', '-d', ...flags, 'busybox', 'sleep', '100000')).trim();
  const cgroup = `/sys/fs/cgroup/system.slice/docker-${id}.scope`;
  await assertAgreement(
    exporter,
    (text) => [
      sampleValue(text, 'foreshock_container_info', { container: 'calm', container_id: `docker://${id}` }),
      sampleValue(text, 'foreshock_container_memory_pressure_seconds_total', { container: 'calm', kind: 'some' }),
      sampleValue(text, 'foreshock_container_pids_limit_hits_total', { container: 'calm' }),
    ],
    () => [1, Number(/^some .*total=(\d+)$/m.exec(readFileSync(`${cgroup}/memory.pressure`, 'utf8'))?.[1]) / 1e6, 0],
  );
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
