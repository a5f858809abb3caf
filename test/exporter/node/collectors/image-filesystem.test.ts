import assert from 'node:assert/strict';
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { imageFilesystem } from '../../../../exporter/node/collectors/image-filesystem.ts';
import { processEntries } from '../host/process-entries.ts';
import { temporaryHost } from '../host/temporary-host.ts';
import { type Run, runCollector } from '../run-collector.ts';

const STORE = '/var/lib/docker/image/overlay2';
const ID = 'a'.repeat(64);
const LAYER = 'b'.repeat(64);
const DOCKER = {
  [`${STORE}/repositories.json`]: `{"Repositories":{"web":{"web:1":"sha256:${ID}"}}}`,
  [`${STORE}/imagedb/content/sha256/${ID}`]: `{"rootfs":{"diff_ids":["sha256:${LAYER}"]}}`,
  [`${STORE}/layerdb/sha256/${LAYER}/size`]: '1000',
};
const SPACE = ['image_filesystem_available_bytes', 'image_filesystem_size_bytes'];
const COUNTS = { images: 1, local_only_images: 1, local_only_image_bytes: 1000 };

const kubelet = (...args: string[]) => processEntries(42, 'kubelet', { args });

function counts(values: Run['values']): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !name.startsWith('image_')));
}

test("without a kubelet the images are Docker's", async (t) => {
  const { host, root } = temporaryHost(t, { ...DOCKER, '/var/lib/containerd/x': '' });
  const { values, faults } = await runCollector(imageFilesystem, host);
  assert.deepEqual(counts(values), COUNTS);
  const { blocks, bsize } = statfsSync(root);
  assert.equal(values.image_filesystem_size_bytes, blocks * bsize);
  assert.deepEqual(
    Object.keys(values)
      .filter((name) => name.startsWith('image_'))
      .sort(),
    SPACE,
  );
  assert.deepEqual(faults, []);
});

test('a host with neither has no images', async (t) => {
  const { values, faults, absent } = await runCollector(imageFilesystem, temporaryHost(t, {}).host);
  assert.deepEqual([values, faults, absent], [{}, [], ['the images of docker']]);
});

test("Docker's images are counted beside a kubelet that uses containerd", async (t) => {
  const entries = { ...DOCKER, '/var/lib/containerd/x': '', ...kubelet('--image-gc-high-threshold=100') };
  const { values } = await runCollector(imageFilesystem, temporaryHost(t, entries).host);
  assert.deepEqual(counts(values), COUNTS);
  assert.equal(values.image_gc_wanted_bytes, 0);
});

test("Docker's images are those of a kubelet with cri-dockerd", async (t) => {
  const endpoint = '--container-runtime-endpoint=unix:///run/cri-dockerd.sock';
  const { values } = await runCollector(imageFilesystem, temporaryHost(t, { ...DOCKER, ...kubelet(endpoint) }).host);
  assert.deepEqual(counts(values), COUNTS);
  assert.ok('image_gc_wanted_bytes' in values);
});

test('a data root that daemon.json or the flag names goes before the usual one', async (t) => {
  const moved = Object.entries(DOCKER).map(([path, text]) => [path.replace('/var/lib/docker', '/srv'), text]);
  const { host } = temporaryHost(t, {
    ...Object.fromEntries(moved),
    '/etc/docker/daemon.json': '{"data-root": "/srv"}',
    '/var/lib/docker/image/overlay2/repositories.json': 'of an older time',
  });
  assert.deepEqual(counts((await runCollector(imageFilesystem, host)).values), COUNTS);
  const given = await runCollector(imageFilesystem, host, { options: { 'docker-root': '/var/lib/docker' } });
  assert.equal(given.faults.length, 1);
});

test('a broken repositories.json hides the images, not the space', async (t) => {
  const entries = { ...DOCKER, [`${STORE}/repositories.json`]: '{"Repositories":{"web"' };
  const { values, faults } = await runCollector(imageFilesystem, temporaryHost(t, entries).host);
  assert.deepEqual(Object.keys(values).sort(), SPACE);
  assert.match(faults.join('\n'), /^\/var\/lib\/docker\/image\/overlay2: repositories.json: [^\n]*$/);
});

test('a missing size of a layer hides the sum, not the counts', async (t) => {
  const { host, root } = temporaryHost(t, DOCKER);
  rmSync(join(root, STORE, 'layerdb'), { recursive: true });
  const { values, faults } = await runCollector(imageFilesystem, host);
  assert.deepEqual(counts(values), { images: 1, local_only_images: 1 });
  assert.match(
    faults.join('\n'),
    /^\/var\/lib\/docker\/image\/overlay2, image a+: imagedb\/content\/sha256\/a+: [^\n]*$/,
  );
});

test('the size of an image is read once', async (t) => {
  const { host, root } = temporaryHost(t, DOCKER);
  const first = await runCollector(imageFilesystem, host);
  rmSync(join(root, STORE, 'layerdb'), { recursive: true });
  const second = await runCollector(imageFilesystem, host, { previous: first.state });
  assert.deepEqual(counts(second.values), COUNTS);
  writeFileSync(join(root, STORE, 'repositories.json'), '{"Repositories":{}}');
  const third = await runCollector(imageFilesystem, host, { previous: second.state });
  assert.deepEqual(counts(third.values), {
    images: 1,
    local_only_images: 0,
    local_only_image_bytes: 0,
  });
});

test('a configuration of the kubelet that makes no sense hides what it wants, not the space', async (t) => {
  const entries = {
    '/var/lib/kubelet/config.yaml': 'imageGCHighThresholdPercent: high\n',
    '/var/lib/containerd/x': '',
    ...kubelet('--config=/var/lib/kubelet/config.yaml'),
  };
  const { host } = temporaryHost(t, entries);
  const run = await runCollector(imageFilesystem, host);
  assert.deepEqual(Object.keys(run.values).sort(), SPACE);
  const fault =
    /^the kubelet's configuration: \/var\/lib\/kubelet\/config.yaml: imageGCHighThresholdPercent: not a whole/;
  assert.match(run.faults.join('\n'), fault);
});
