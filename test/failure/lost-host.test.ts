import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { foreshock } from '../cli/command-line.ts';
import { startExporter, until } from '../exporter-process.ts';
import { parseExposition, sampleValue } from '../exposition-text.ts';
import { missing } from '../programs.ts';
import { HostTree } from './host-tree.ts';

/** Collectors that fail without a root file system, and without processes of the host. */
const NEED_ROOT = [
  'containers',
  'container_logs',
  'writable_layers',
  'systemd_mounts',
  'kubelet_config',
  'image_filesystem',
  'runtime',
];
const NEED_PROCESSES = [
  'containers',
  'zombies',
  'pids',
  'memory_cgroups',
  'systemd_mounts',
  'daemons',
  'reclaim',
  'kubelet_config',
];

const EVERY_SECOND = [...new Set([...NEED_ROOT, ...NEED_PROCESSES])].map(
  (name) => `--collector.${name}.schedule=* * * * * *`,
);
const NOTHING_ASKED = ['--no-collector.kubelet_endpoints'];

function hostTree(t: TestContext): HostTree {
  const tree = new HostTree();
  t.after(() => tree.remove());
  return tree;
}

const failing = (text: string) =>
  parseExposition(text)
    .filter(({ name, value }) => name === 'foreshock_collector_success' && value === 0)
    .map(({ labels }) => labels.collector)
    .sort();
const containersIn = (text: string) =>
  parseExposition(text).filter(({ name }) => name === 'foreshock_container_info').length;
const logsIn = (text: string) =>
  parseExposition(text).filter(({ name }) => name === 'foreshock_container_log_bytes' || name.endsWith('layer_bytes'));
const unmeasured = (text: string, collector: string) =>
  sampleValue(text, 'foreshock_containers_unmeasured', { collector, reason: 'host_not_visible' });

test('the root of the host is lost while the exporter runs, and comes back', async (t) => {
  const tree = hostTree(t);
  // Apart from /proc and /sys, as a mount of its own.
  const [root, gone] = [`${tree.base}/root`, `${tree.base}/gone`];
  mkdirSync(root);
  for (const name of readdirSync(tree.base).filter((name) => !['proc', 'sys', 'root'].includes(name)))
    renameSync(tree.local(name), `${root}/${name}`);
  const flags = [`--path.procfs=${tree.base}/proc`, `--path.sysfs=${tree.base}/sys`, `--path.rootfs=${root}`];
  const exporter = await startExporter([...flags, ...EVERY_SECOND, ...NOTHING_ASKED]);
  t.after(() => exporter.stop());
  const before = await exporter.scrapeUntil((text) => failing(text).length === 0 && logsIn(text).length > 5, 30);
  const count = containersIn(before);
  assert.ok(count > 5, `${count} containers`);

  renameSync(root, gone);
  mkdirSync(root);
  const lost = await exporter.scrapeUntil((text) => failing(text).length >= NEED_ROOT.length, 30);
  assert.deepEqual(failing(lost), [...NEED_ROOT].sort());
  assert.equal(containersIn(lost), count, 'those that were known');
  assert.deepEqual(logsIn(lost), logsIn(before), 'their last values');
  for (const collector of ['containers', 'container_logs', 'writable_layers']) {
    assert.equal(unmeasured(lost, collector), count, collector);
  }
  assert.equal(sampleValue(lost, 'foreshock_host_visible', { path: 'rootfs' }), 0);
  assert.equal(sampleValue(lost, 'foreshock_host_visible', { path: 'procfs' }), 1);
  const ready = await fetch(`${exporter.url}/-/ready`);
  assert.equal(ready.status, 503);
  assert.equal(await ready.text(), 'Foreshock is not ready: --path.rootfs shows no host: the directory is empty.\n');
  assert.equal((await fetch(`${exporter.url}/-/healthy`)).status, 200);

  rmSync(root, { recursive: true });
  renameSync(gone, root);
  const found = await exporter.scrapeUntil((text) => failing(text).length === 0, 30);
  assert.equal(containersIn(found), count);
  assert.equal(unmeasured(found, 'container_logs'), 0);
  const isReady = async () => (await fetch(`${exporter.url}/-/ready`)).status === 200;
  await until(isReady, Boolean, 30);
});

test('paths without a host: what can be read is exported, the rest has failed', async (t) => {
  const tree = hostTree(t);
  const flags = (paths: Partial<HostTree['paths']>) =>
    Object.entries({ ...tree.paths, ...paths }).map(([name, path]) => `--path.${name}=${path}`);
  const run = async (paths: Partial<HostTree['paths']>) =>
    (await foreshock(['node', '--once', ...NOTHING_ASKED, ...flags(paths)])).stdout;

  const rootless = await run({ rootfs: '/nonexistent' });
  assert.deepEqual(failing(rootless), [...NEED_ROOT].sort());
  assert.notEqual(sampleValue(rootless, 'foreshock_pids_used'), undefined);
  assert.equal(sampleValue(rootless, 'foreshock_mounts'), sampleValue(await run({}), 'foreshock_mounts'));

  const blind = await run({ rootfs: '/nonexistent', procfs: '/nonexistent' });
  assert.deepEqual(failing(blind), [...new Set([...NEED_ROOT, ...NEED_PROCESSES])].sort());
});

test('an exporter that is process 1 itself sees no host', { skip: missing(['unshare'], { root: true }) }, async (t) => {
  const wrapper = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'];
  const exporting = startExporter(NOTHING_ASKED, ['node'], undefined, { wrapper, readyStatus: '503' });
  const exporter = await exporting;
  t.after(() => exporter.process.kill('SIGKILL'));
  const text = await exporter.scrapeUntil((scraped) => failing(scraped).includes('zombies'), 30);
  assert.equal(sampleValue(text, 'foreshock_host_visible', { path: 'procfs' }), 0);
  const isTold = async () => (await fetch(`${exporter.url}/-/ready`)).text();
  await until(isTold, (answer) => answer.includes('its process 1 is the exporter itself'), 30);
});
