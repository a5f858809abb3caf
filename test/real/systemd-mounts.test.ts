import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { startExporter } from '../exporter-process.ts';
import { sampleValue } from '../exposition-text.ts';
import { assertAgreement } from './agreement.ts';

const PODS = 100;
const UNITS_OF_A_POD = 50;

/** Half of them as systemd 252 writes them, half as systemd 229 does. */
test('5,000 transient units, of pods that come and go', async (t) => {
  const root = mkdtempSync(join(tmpdir(), 'foreshock-systemd-'));
  t.after(() => rmSync(root, { recursive: true }));
  const unitFile = (pod: number, unit: number) => {
    const name = `run-r${String(pod * UNITS_OF_A_POD + unit).padStart(32, '0')}.scope`;
    return join(root, unit % 2 ? `run/systemd/transient/${name}` : `run/systemd/system/${name}.d/50-Description.conf`);
  };
  const podsFrom = (first: number) => Array.from({ length: PODS - first }, (_, index) => first + index);
  const units = Array.from({ length: UNITS_OF_A_POD }, (_, unit) => unit);
  for (const pod of podsFrom(0)) {
    mkdirSync(join(root, podDirectory(pod)), { recursive: true });
    for (const unit of units) write(unitFile(pod, unit), descriptionOf(pod));
  }
  const exporter = await startExporter([`--path.rootfs=${root}`, '--collector.systemd_mounts.schedule=* * * * * *']);
  t.after(() => exporter.stop());
  const found = (text: string) => ({
    units: sampleValue(text, 'foreshock_systemd_transient_units', { type: 'scope' }),
    orphans: sampleValue(text, 'foreshock_systemd_orphaned_subpath_units'),
  });
  const agrees = (units: number, orphans: number) => assertAgreement(exporter, found, () => ({ units, orphans }));

  await t.test('no unit is orphaned while all pods live', () => agrees(5000, 0));

  await t.test('the units of removed pods are orphaned', async () => {
    for (const pod of podsFrom(40)) rmSync(join(root, podDirectory(pod)), { recursive: true });
    await agrees(5000, 3000);
  });

  await t.test('a new pod of a live node has none', async () => {
    mkdirSync(join(root, podDirectory(PODS)), { recursive: true });
    write(unitFile(PODS, 1), descriptionOf(PODS));
    await agrees(5001, 3000);
  });

  await t.test('units that are removed are not counted any more', async () => {
    for (const pod of podsFrom(60)) for (const unit of units) removeUnit(unitFile(pod, unit));
    await agrees(3001, 1000);
  });
});

function podDirectory(pod: number): string {
  return `var/lib/kubelet/pods/${String(pod).padStart(8, '0')}-1111-4222-8333-000000000000`;
}

function descriptionOf(pod: number): string {
  return `[Unit]\nDescription=Kubernetes transient mount for /${podDirectory(pod)}/volume-subpaths/cm/app/0\n`;
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** With the directory of drop-ins, where it is one. */
function removeUnit(file: string): void {
  rmSync(file.endsWith('.conf') ? dirname(file) : file, { recursive: true });
}
