import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import {
  chainIds,
  imageSize,
  imageStore,
  parseRepositories,
  readImages,
} from '../../../../exporter/node/images/docker-images.ts';
import { anyJsonText, parsesOrThrows } from '../../../any-json.ts';
import { temporaryHost } from '../host/temporary-host.ts';

const [WEB, PULLED, BASE, UNTAGGED, STEP] = ['a', 'b', 'c', 'd', 'e'].map((digit) => digit.repeat(64)) as [
  string,
  string,
  string,
  string,
  string,
];
const DIGEST = 'f'.repeat(64);

/** As Docker 20.10 writes it after `docker build -t web:1`, `docker pull nginx:1.25` and a tag of its own for that. */
const REPOSITORIES = JSON.stringify({
  Repositories: {
    web: { 'web:1': `sha256:${WEB}`, 'web:latest': `sha256:${WEB}` },
    nginx: { 'nginx:1.25': `sha256:${PULLED}`, [`nginx@sha256:${DIGEST}`]: `sha256:${PULLED}` },
    'localhost/nginx': { 'localhost/nginx:mine': `sha256:${PULLED}` },
    base: { 'base:1': `sha256:${BASE}` },
  },
});

function store(t: TestContext, entries: Record<string, string>) {
  const files = Object.entries(entries).map(([path, text]) => [`/data/image/overlay2/${path}`, text]);
  return temporaryHost(t, Object.fromEntries(files)).host.rootfs.subtree('/data/image/overlay2');
}

const config = (...layers: string[]) =>
  JSON.stringify({ architecture: 'amd64', rootfs: { type: 'layers', diff_ids: layers } });

test('images, and those that no registry has', (t) => {
  const images = store(t, {
    'repositories.json': REPOSITORIES,
    ...Object.fromEntries([WEB, PULLED, BASE, UNTAGGED, STEP].map((id) => [`imagedb/content/sha256/${id}`, config()])),
    'imagedb/content/sha256/not-an-id': '',
    [`imagedb/metadata/sha256/${WEB}/parent`]: `sha256:${STEP}`,
    [`imagedb/metadata/sha256/${STEP}/parent`]: `sha256:${BASE}`,
    [`imagedb/metadata/sha256/${UNTAGGED}/lastUpdated`]: '2024-01-01T00:00:00Z',
  });
  const { count, localOnlyIds } = readImages(images);
  assert.equal(count, 4, 'all but the step of the build');
  assert.deepEqual([...localOnlyIds].sort(), [WEB, BASE]);
});

test('the references of each image', () => {
  const references = parseRepositories(REPOSITORIES);
  assert.deepEqual(references.get(WEB), ['web:1', 'web:latest']);
  assert.deepEqual(references.get(PULLED), ['nginx:1.25', `nginx@sha256:${DIGEST}`, 'localhost/nginx:mine']);
  assert.equal(parseRepositories('{"Repositories":{}}').size, 0);
  for (const text of ['', '{}', '[]', '{"Repositories":{"web":null}}', REPOSITORIES.slice(0, 100)]) {
    assert.throws(() => parseRepositories(text), Error, text);
  }
});

test('any text is references or an error', () => {
  fc.assert(
    fc.property(anyJsonText('Repositories', 'web'), (text) => {
      parsesOrThrows(text, parseRepositories, (references) => {
        for (const names of references.values()) assert.ok(names.length > 0);
      });
    }),
  );
});

test('the names of layers, as the OCI image specification computes them', () => {
  const sha256 = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;
  const [a, b, c] = [sha256('a'), sha256('b'), sha256('c')];
  assert.deepEqual(chainIds([a, b, c]), [a, sha256(`${a} ${b}`), sha256(`${sha256(`${a} ${b}`)} ${c}`)]);
  assert.deepEqual(chainIds([]), []);
});

test('the size of an image is that of its layers', (t) => {
  const layers = [`sha256:${'1'.repeat(64)}`, `sha256:${'2'.repeat(64)}`];
  const [first, second] = chainIds(layers).map((id) => `layerdb/${id.replace(':', '/')}/size`);
  const image = `imagedb/content/sha256/${WEB}`;
  const sizes = { [first ?? '']: '1984132', [second ?? '']: '10' };
  assert.equal(imageSize(store(t, { [image]: config(...layers), ...sizes }), WEB), 1_984_142);
  assert.equal(imageSize(store(t, { [image]: config() }), WEB), 0);
  assert.equal(imageSize(store(t, { [image]: '{"rootfs":{"type":"layers"}}' }), WEB), 0);
  assert.equal(imageSize(store(t, { 'repositories.json': '' }), WEB), 0, 'gone by now');

  const missing = store(t, { [image]: config(...layers), [first ?? '']: '1' });
  assert.throws(() => imageSize(missing, WEB), /^Error: imagedb\/content\/sha256\/a+: the size of layer 2 is missing$/);
  const broken = store(t, { [image]: config(...layers), ...sizes, [first ?? '']: 'many' });
  assert.throws(() => imageSize(broken, WEB), /^Error: layerdb\/sha256\/1+\/size: not a size$/);
  for (const text of ['', '{', '{"rootfs":{"diff_ids":"a"}}', '{"rootfs":{"diff_ids":["sha256:../../etc"]}}']) {
    assert.throws(() => imageSize(store(t, { [image]: text }), WEB), /^Error: imagedb\/content\/sha256\/a+: /, text);
  }
});

test('the directory of the storage driver', (t) => {
  const find = (...drivers: string[]) => {
    const files = drivers.map((driver) => [`/data/image/${driver}/repositories.json`, '{}']);
    const entries = { '/data/image/aufs/distribution/x': '', ...Object.fromEntries(files) };
    return imageStore(temporaryHost(t, entries).host.rootfs.subtree('/data'));
  };
  assert.equal(find('overlay2'), 'image/overlay2');
  assert.equal(find('btrfs', 'overlay2'), 'image/overlay2');
  assert.equal(find('vfs', 'btrfs'), 'image/btrfs');
  assert.equal(find(), undefined, "containerd's image store");
});
