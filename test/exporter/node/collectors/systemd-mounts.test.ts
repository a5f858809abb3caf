import assert from 'node:assert/strict';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemdMounts } from '../../../../exporter/node/collectors/systemd-mounts.ts';
import { MAX_DESCRIPTIONS_PER_RUN } from '../../../../exporter/node/systemd/orphans.ts';
import { countingHost } from '../host/counting-tree.ts';
import { temporaryDirectory, temporaryHost } from '../host/temporary-host.ts';
import { type Run, runCollector } from '../run-collector.ts';

const [LIVE, GONE] = ['aa981dc0-c6aa-4b13-b73c-66a6f550d7b0', '5a4f5c2e-9d1b-4d8e-8f5c-0c1f6b7e2d3a'];
const KUBELET = '/var/lib/kubelet';
const TRANSIENT = '/run/systemd/transient';
const unit = (uid: string, root = KUBELET) =>
  `[Unit]\nDescription=Kubernetes transient mount for ${root}/pods/${uid}/volume-subpaths/cm/app/0\n`;
const values = (scope: number, mount: number, orphans: number, mounts = 1) => ({
  'systemd_transient_units{type="scope"}': scope,
  'systemd_transient_units{type="mount"}': mount,
  systemd_orphaned_subpath_units: orphans,
  mounts,
});

test('a host without systemd has mounts all the same', async (t) => {
  const { host } = temporaryHost(t, { '/proc/1/mountinfo': 'one\ntwo\n', '/proc/self/mountinfo': 'one\n' });
  const { values, absent, faults } = await runCollector(systemdMounts, host);
  assert.deepEqual(values, { mounts: 2 });
  assert.deepEqual([absent, faults], [['systemd'], []]);
});

test('a host with systemd and nothing transient', async (t) => {
  const { host } = temporaryHost(t, { '/run/systemd/system/kubelet.service.d/10.conf': '' });
  assert.deepEqual((await runCollector(systemdMounts, host)).values, values(0, 0, 0));
});

test('units of pods that live and that are gone, of both kubelets of a host', async (t) => {
  const { host, root } = temporaryHost(t, {
    [`${KUBELET}/pods/${LIVE}/etc-hosts`]: '',
    [`/srv/kubelet/pods/${GONE}/etc-hosts`]: '',
    [`${TRANSIENT}/run-1.scope`]: unit(LIVE),
    [`${TRANSIENT}/run-2.scope`]: unit(GONE),
    [`${TRANSIENT}/run-3.scope`]: unit(GONE, '/srv/kubelet'),
    [`${TRANSIENT}/docker-1.scope`]: '[Unit]\nDescription=libcontainer container 1\n',
    '/run/systemd/system/run-4.scope.d/50-Description.conf': unit(GONE),
    '/run/systemd/system/run-4.scope.d/50-Slice.conf': '[Scope]\nSlice=system.slice\n',
  });
  const first = await runCollector(systemdMounts, host);
  assert.deepEqual(first.values, values(5, 0, 2));
  rmSync(join(root, KUBELET), { recursive: true });
  const second = await runCollector(systemdMounts, host, { previous: first.state });
  assert.deepEqual(second.values, values(5, 0, 3));
  rmSync(join(root, TRANSIENT), { recursive: true });
  const third = await runCollector(systemdMounts, host, { previous: second.state });
  assert.deepEqual(third.values, values(1, 0, 1));
  assert.deepEqual(known(third), [['run-4.scope', `${KUBELET}/pods/${GONE}`]]);
});

test("the kubelet's directory may be a link within the host", async (t) => {
  const { host, root } = temporaryHost(t, {
    [`/data/kubelet/pods/${LIVE}/etc-hosts`]: '',
    [`${TRANSIENT}/run-1.scope`]: unit(LIVE),
    [`${TRANSIENT}/run-2.scope`]: unit(GONE),
  });
  mkdirSync(join(root, 'var/lib'), { recursive: true });
  symlinkSync('/data/kubelet', join(root, KUBELET));
  assert.deepEqual((await runCollector(systemdMounts, host)).values, values(2, 0, 1));
});

test('a description that cannot be read is told, and tried again', async (t) => {
  const { host, root } = temporaryHost(t, {
    [`${TRANSIENT}/run-1.scope/not-a-file`]: '',
    [`${TRANSIENT}/run-2.scope`]: unit(GONE),
  });
  const first = await runCollector(systemdMounts, host);
  assert.deepEqual(first.values, values(2, 0, 1));
  assert.match(first.faults.join(), /^\/run\/systemd\/transient\/run-1\.scope: not a regular file/);
  assert.equal(first.faults.length, 1);
  rmSync(join(root, TRANSIENT, 'run-1.scope'), { recursive: true });
  writeFileSync(join(root, TRANSIENT, 'run-1.scope'), unit(GONE));
  const second = await runCollector(systemdMounts, host, { previous: first.state });
  assert.deepEqual([second.values, second.faults], [values(2, 0, 2), []]);
});

test('no mount table is told, and costs nothing else', async (t) => {
  const { host, root } = temporaryHost(t, { [`${TRANSIENT}/run-2.scope`]: unit(GONE) });
  rmSync(join(root, 'proc/self/mountinfo'));
  const { values: found, faults } = await runCollector(systemdMounts, host);
  const { mounts: _, ...rest } = values(1, 0, 1);
  assert.deepEqual(found, rest);
  assert.match(faults.join(), /self\/mountinfo/);
});

test('many leaked units: each description is read once, so many a run, and each directory listed once', async (t) => {
  const root = temporaryDirectory(t);
  const count = MAX_DESCRIPTIONS_PER_RUN + 500;
  mkdirSync(join(root, TRANSIENT), { recursive: true });
  for (let index = 0; index < count; index += 1)
    writeFileSync(join(root, TRANSIENT, `run-r${index}.scope`), unit(uidOf(index)));
  for (let pod = 0; pod < 250; pod += 1) mkdirSync(join(root, KUBELET, 'pods', uidOf(pod)), { recursive: true });
  mkdirSync(join(root, 'proc/1'), { recursive: true });
  writeFileSync(join(root, 'proc/1/mountinfo'), '');

  let previous: Run | undefined;
  for (const reads of [MAX_DESCRIPTIONS_PER_RUN, 500, 0]) {
    const { host, asked } = countingHost(root);
    const run = await runCollector(systemdMounts, host, { previous: previous?.state });
    previous = run;
    assert.equal(asked.reads.filter((path) => path.startsWith('/run')).length, reads);
    assert.deepEqual(asked.lists, [TRANSIENT, '/run/systemd/system', `${KUBELET}/pods`]);
    assert.equal(run.values['systemd_transient_units{type="scope"}'], count);
    if (known(run).length === count) assert.equal(run.values.systemd_orphaned_subpath_units, count / 2);
  }
  assert.equal(previous && known(previous).length, count);
});

/** The units whose pods a run remembers, with these. */
function known({ state }: Run): unknown[] {
  assert.ok(state instanceof Map);
  return [...state];
}

/** One of 500 pods. */
function uidOf(index: number): string {
  return `${String(index % 500).padStart(8, '0')}-1111-4222-8333-000000000000`;
}
