import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { descriptionFiles, listTransientUnits } from '../../../../exporter/node/systemd/transient-units.ts';
import { temporaryHost } from '../host/temporary-host.ts';

const RANDOM = 'run-r87e099d509394683a7a1cc7e55d74882';

/** The units of a host that has these entries, files all of them, in a directory of systemd's. */
function unitsOf(t: TestContext, entries: readonly string[], directory: string): Record<string, string> {
  const files = entries.map((entry) => [`/run/systemd/${directory}/${entry}`, ''] as const);
  const units = listTransientUnits(temporaryHost(t, Object.fromEntries(files)).host.rootfs);
  assert.ok(units);
  return Object.fromEntries(units);
}

test('the units of systemd 230 and later, each with file, drop-ins or both', (t) => {
  const entries = [
    `${RANDOM}.scope`,
    'docker-1713b1ea.scope',
    'docker-1713b1ea.scope.d',
    'user-1000.slice.d',
    'backup.service',
    'backup.timer',
    'a.b.mount',
    'x.service.wants',
    'x.conf',
    '.scope',
    'scope',
  ];
  assert.deepEqual(unitsOf(t, entries, 'transient'), {
    [`${RANDOM}.scope`]: 'scope',
    'docker-1713b1ea.scope': 'scope',
    'user-1000.slice': 'slice',
    'backup.service': 'service',
    'backup.timer': 'timer',
    'a.b.mount': 'mount',
  });
});

test('before systemd 230, among units that are not transient', (t) => {
  const entries = [
    `${RANDOM}.scope.d`,
    'run-29486.service',
    'run-29486.service.d',
    'session-2.scope.d',
    'docker-1713b1ea.scope',
    'init.scope.d',
    'kubelet.service.d',
    'run-rpc_pipefs.mount',
    'netplan-wpa.service',
    'user-1000.slice.d',
    'run-user-1000.mount',
  ];
  assert.deepEqual(unitsOf(t, entries, 'system'), {
    [`${RANDOM}.scope`]: 'scope',
    'run-29486.service': 'service',
    'session-2.scope': 'scope',
    'docker-1713b1ea.scope': 'scope',
  });
});

test('a unit in both directories is one, and has all their descriptions', (t) => {
  const { host } = temporaryHost(t, {
    [`/run/systemd/transient/${RANDOM}.scope`]: '',
    [`/run/systemd/system/${RANDOM}.scope.d/50-Description.conf`]: '',
  });
  assert.deepEqual([...(listTransientUnits(host.rootfs) ?? [])], [[`${RANDOM}.scope`, 'scope']]);
  const files = descriptionFiles(`${RANDOM}.scope`);
  assert.deepEqual(
    files.filter((file) => host.rootfs.readIfPresent(file) !== undefined),
    [`/run/systemd/transient/${RANDOM}.scope`, `/run/systemd/system/${RANDOM}.scope.d/50-Description.conf`],
  );
});

test('a host without systemd', (t) => {
  assert.equal(listTransientUnits(temporaryHost(t, { '/run/systemd/shutdown/x': '' }).host.rootfs), undefined);
});
