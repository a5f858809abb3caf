import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type ExporterProcess, startExporter, until } from '../exporter-process.ts';
import { sampleValue } from '../exposition-text.ts';
import { missing } from '../programs.ts';
import { assertAgreement, SOON } from './agreement.ts';
import { cannotSqueeze, SqueezedCgroup } from './squeezed-cgroup.ts';

const REFAULTS: [string, Record<string, string>] = ['foreshock_workingset_refaults_total', { type: 'file' }];
const CONTAINER = { container: 'squeezed' };

/**
 * Only the cgroup is short of memory, never the machine: so refaults rise, and pressure, while pgscan and pgsteal, which
 * count reclaim of the host, need not (mm/vmscan.c, shrink_inactive_list).
 */
test('a file read below a memory limit, compared with the kernel', { skip: cannotSqueeze() }, async (t) => {
  const cgroup = new SqueezedCgroup();
  const root = mkdtempSync(join(tmpdir(), 'foreshock-squeezed-'));
  t.after(async () => {
    await cgroup.remove();
    rmSync(root, { recursive: true });
  });
  cgroup.make();
  writeContainer(root, cgroup.id);
  const schedules = ['containers', 'reclaim'].map((name) => `--collector.${name}.schedule=* * * * * *`);
  const exporter = await startExporter([`--path.rootfs=${root}`, ...schedules]);
  t.after(() => exporter.stop());
  await exporter.scrapeUntil(
    (text) => sampleValue(text, ...REFAULTS) !== undefined && pressure(text) !== undefined,
    SOON,
  );

  const before = vmstat('workingset_refault_file') ?? vmstat('workingset_refault') ?? 0;
  await cgroup.readRepeatedly();
  const after = vmstat('workingset_refault_file') ?? vmstat('workingset_refault') ?? 0;
  assert.ok(after - before > cgroup.refaults / 2, `${after - before} refaults`);
  await exporter.scrapeUntil((text) => (sampleValue(text, ...REFAULTS) ?? 0) >= after, SOON);
  await assertBetweenReadings(exporter);

  await assertAgreement(exporter, pressure, () => secondsOf(readFileSync(cgroup.pressureFile, 'utf8'), 'some'));
  assert.ok((pressure(await exporter.scrape()) ?? 0) > 0);
});

test("kswapd's time and free memory, compared with ps and /proc", { skip: missing(['ps', 'awk']) }, async (t) => {
  const exporter = await startExporter(['--collector.reclaim.schedule=* * * * * *']);
  t.after(() => exporter.stop());
  const seconds = () => {
    const rows = execFileSync('ps', ['-e', '-o', 'ppid=,comm=,cputimes='], { encoding: 'utf8' }).matchAll(
      /^ *2 kswapd\d+ +(\d+)$/gm,
    );
    const times = [...rows].map(([, time]) => Number(time));
    return times.length > 0 ? times.reduce((sum, time) => sum + time, 0) : undefined;
  };
  await assertAgreement(
    exporter,
    (text) => floor(sampleValue(text, 'foreshock_kswapd_cpu_seconds_total')),
    () => seconds(),
  );
  const difference = async () => {
    const found = sampleValue(await exporter.scrape(), 'foreshock_memory_above_low_watermark_bytes') ?? Number.NaN;
    return Math.abs(found - bytesAboveLow());
  };
  await until(difference, (bytes) => bytes < 64 * 1024 ** 2, SOON);
});

/** A container of Docker's that is known by its files alone. */
function writeContainer(root: string, id: string): void {
  const directory = join(root, 'var/lib/docker/containers', id);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'config.v2.json'), JSON.stringify({ ID: id, Name: '/squeezed', Config: {} }));
  writeFileSync(join(directory, 'hostconfig.json'), JSON.stringify({ LogConfig: { Type: 'none', Config: {} } }));
}

function pressure(text: string): number | undefined {
  return sampleValue(text, 'foreshock_container_memory_pressure_seconds_total', { ...CONTAINER, kind: 'some' });
}

function secondsOf(text: string, kind: string): number {
  return Number(new RegExp(`^${kind} .*total=(\\d+)$`, 'm').exec(text)?.[1]) / 1e6;
}

/** All events are at any time between what the kernel says before a look and after it. */
async function assertBetweenReadings(exporter: ExporterProcess): Promise<void> {
  const events: [metric: string, labels: Record<string, string>, event: string][] = [
    ['foreshock_reclaim_scanned_pages_total', { by: 'kswapd' }, 'pgscan_kswapd'],
    ['foreshock_reclaim_scanned_pages_total', { by: 'direct' }, 'pgscan_direct'],
    ['foreshock_reclaim_stolen_pages_total', { by: 'kswapd' }, 'pgsteal_kswapd'],
    ['foreshock_reclaim_stolen_pages_total', { by: 'direct' }, 'pgsteal_direct'],
  ];
  const before = events.map(([, , event]) => vmstat(event) ?? 0);
  const looked = lastLook(await exporter.scrape());
  const text = await exporter.scrapeUntil((text) => lastLook(text) !== looked, SOON);
  for (const [index, [metric, labels, event]] of events.entries()) {
    const value = sampleValue(text, metric, labels) ?? Number.NaN;
    assert.ok(value >= (before[index] ?? 0) && value <= (vmstat(event) ?? 0), `${event}: ${value}`);
  }
}

function lastLook(text: string): number | undefined {
  return sampleValue(text, 'foreshock_collector_last_success_timestamp_seconds', { collector: 'reclaim' });
}

function vmstat(event: string): number | undefined {
  const value = new RegExp(`^${event} (\\d+)$`, 'm').exec(readFileSync('/proc/vmstat', 'utf8'))?.[1];
  return value === undefined ? undefined : Number(value);
}

function bytesAboveLow(): number {
  const script = '/pages free/ {f=$3} $1=="low" {l=$2} $1=="managed" && $2>0 {s+=f-l} END {printf "%.0f", s}';
  const pages = Number(execFileSync('awk', [script, '/proc/zoneinfo'], { encoding: 'utf8' }));
  return pages * Number(execFileSync('getconf', ['PAGESIZE'], { encoding: 'utf8' }));
}

function floor(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.floor(value);
}
