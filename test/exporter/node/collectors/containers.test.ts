import assert from 'node:assert/strict';
import { renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { containers } from '../../../../exporter/node/collectors/containers.ts';
import { MAX_CONFIGURATION_BYTES } from '../../../../exporter/node/host/untrusted-file.ts';
import { type Entry, temporaryHost, writeEntries } from '../host/temporary-host.ts';
import { runCollector as runWithAll } from '../run-collector.ts';

const [WEB, DB] = ['a'.repeat(64), 'b'.repeat(64)];
const DATA = '/var/lib/docker';

/** The files of a container of Docker. */
function docker(id: string, name: string, data = DATA): Record<string, Entry> {
  return {
    [`${data}/containers/${id}/config.v2.json`]: JSON.stringify({ ID: id, Name: `/${name}`, Config: { Labels: {} } }),
    [`${data}/containers/${id}/hostconfig.json`]: '{"LogConfig":{"Type":"json-file","Config":{}}}',
  };
}

/** The mount table of a host on which containerd runs this container alone. */
const layerMount = (id: string) => ({
  '/proc/1/mountinfo':
    `50 22 0:60 / /run/containerd/io.containerd.runtime.v2.task/default/${id}/rootfs rw - overlay overlay ` +
    'rw,upperdir=/layers/1/fs,workdir=/layers/1/work\n',
});

const info = (id: string, name: string, runtime = 'docker') =>
  `container_info{namespace="",pod="",container="${name}",container_id="${runtime}://${id}",runtime="${runtime}"}`;
const NONE_UNREAD = { host_not_visible: 0, unidentified: 0, configuration_too_large: 0, configuration_unreadable: 0 };

/** Runs it without what says how much of the host is to be seen, and where things are, which have tests of their own. */
async function runCollector(...given: Parameters<typeof runWithAll>) {
  const { values, ...run } = await runWithAll(...given);
  const left = Object.entries(values).filter(([name]) => !/^(host_visible|location_info)/.test(name));
  return { ...run, values: Object.fromEntries(left) };
}

test('each container has its name, and no series once its files are gone', async (t) => {
  const { host, root } = temporaryHost(t, { ...docker(WEB, 'web'), ...docker(DB, 'db') });
  const first = await runCollector(containers, host);
  assert.deepEqual(first.values, { [info(WEB, 'web')]: 1, [info(DB, 'db')]: 1 });
  assert.deepEqual([first.faults, first.unmeasured], [[], NONE_UNREAD]);
  rmSync(join(root, DATA, 'containers', WEB), { recursive: true });
  const second = await runCollector(containers, host, { previous: first.state });
  assert.deepEqual(second.values, { [info(DB, 'db')]: 1 });
});

test('a host without containers has no series', async (t) => {
  const { values, faults, unmeasured } = await runCollector(containers, temporaryHost(t, {}).host);
  assert.deepEqual([values, faults, unmeasured], [{}, [], NONE_UNREAD]);
});

test('a container that is renamed has its new name', async (t) => {
  const { host, root } = temporaryHost(t, docker(WEB, 'web'));
  const first = await runCollector(containers, host);
  // Docker puts a new file in the place of the old one.
  const file = join(root, DATA, 'containers', WEB, 'config.v2.json');
  rmSync(file);
  writeFileSync(file, '{"Name":"/shop-web"}');
  const second = await runCollector(containers, host, { previous: first.state });
  assert.deepEqual(second.values, { [info(WEB, 'shop-web')]: 1 });
});

test('a container whose configuration makes no sense is a fault, is called unknown and hides no other', async (t) => {
  const file = `${DATA}/containers/${WEB}/config.v2.json`;
  const { host, root } = temporaryHost(t, { ...docker(WEB, 'web'), ...docker(DB, 'db'), [file]: '{"Name":"/we' });
  const broken = await runCollector(containers, host);
  assert.deepEqual(broken.values, { [info(WEB, 'unknown')]: 1, [info(DB, 'db')]: 1 });
  assert.equal(broken.faults.length, 1);
  assert.match(broken.faults[0] ?? '', new RegExp(`^${file}: `));
  assert.deepEqual(broken.unmeasured, { ...NONE_UNREAD, configuration_unreadable: 1 });
  writeFileSync(join(root, file), '{"Name":"/web"}');
  const mended = await runCollector(containers, host, { previous: broken.state });
  assert.deepEqual([mended.values, mended.faults], [{ [info(WEB, 'web')]: 1, [info(DB, 'db')]: 1 }, []]);
});

test("a configuration that is too large is the container's own doing, and no fault of the host", async (t) => {
  const { host, root } = temporaryHost(t, docker(WEB, 'web'));
  truncateSync(join(root, DATA, 'containers', WEB, 'config.v2.json'), MAX_CONFIGURATION_BYTES + 1);
  const { values, faults, unmeasured } = await runCollector(containers, host);
  assert.deepEqual([values, faults], [{ [info(WEB, 'unknown')]: 1 }, []]);
  assert.deepEqual(unmeasured, { ...NONE_UNREAD, configuration_too_large: 1 });
});

test('a container that is being removed is called unknown, and is measured', async (t) => {
  const { host } = temporaryHost(t, { [`${DATA}/containers/${WEB}/hostname`]: 'web\n' });
  const { values, faults, unmeasured } = await runCollector(containers, host);
  assert.deepEqual([values, faults, unmeasured], [{ [info(WEB, 'unknown')]: 1 }, [], NONE_UNREAD]);
});

test('a container of which only the mounted layer is known is told by its ID', async (t) => {
  const { host } = temporaryHost(t, layerMount(WEB));
  const { values } = await runCollector(containers, host);
  assert.deepEqual(values, { [info(WEB, 'unknown', 'containerd')]: 1 });
});

test('of the data roots that there may be the flag leaves one', async (t) => {
  const { host } = temporaryHost(t, { ...docker(WEB, 'web'), ...docker(DB, 'db', '/srv/docker') });
  const options = { 'docker-root': '/srv/docker' };
  const given = await runCollector(containers, host, { options });
  assert.deepEqual(given.values, { [info(DB, 'db')]: 1 });
});

test('files of a runtime that cannot be read are a fault: its containers stay, and no other runtime is hidden', async (t) => {
  const { host, root } = temporaryHost(t, docker(WEB, 'web'));
  const first = await runCollector(containers, host);
  const directory = join(root, DATA, 'containers');
  renameSync(directory, `${directory}.1`);
  symlinkSync('containers', directory);
  writeEntries(root, layerMount(DB));
  const broken = await runCollector(containers, host, { previous: first.state });
  assert.deepEqual(broken.values, { [info(WEB, 'web')]: 1, [info(DB, 'unknown', 'containerd')]: 1 });
  assert.match(broken.faults.join('\n'), /^the files of Docker: ELOOP[^\n]*$/);
  rmSync(directory);
  const gone = await runCollector(containers, host, { previous: broken.state });
  assert.deepEqual([gone.values, gone.faults], [{ [info(DB, 'unknown', 'containerd')]: 1 }, []]);
});

test('without a mount table the run fails, and containers that files tell of are known', async (t) => {
  const { host, root } = temporaryHost(t, docker(WEB, 'web'));
  rmSync(join(root, 'proc/self'), { recursive: true });
  const { values, faults } = await runCollector(containers, host);
  assert.deepEqual(values, { [info(WEB, 'web')]: 1 });
  assert.match(faults.join(), /^the mount table: ENOENT.*mountinfo/);
});
