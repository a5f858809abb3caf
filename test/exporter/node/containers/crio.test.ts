import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Container } from '../../../../exporter/node/containers/container.ts';
import { crioContainers, parseContainer as parseWithStorage } from '../../../../exporter/node/containers/crio.ts';
import type { Host } from '../../../../exporter/node/host/host.ts';
import { anyJsonText, assertOwner, parsesOrThrows } from '../../../any-json.ts';
import { temporaryHost } from '../host/temporary-host.ts';
import { locationsOn } from '../locations/locations-on.ts';

const [A, B, C] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string];
const STORAGE = '/var/lib/containers/storage';
const KEYS = {
  type: 'io.kubernetes.cri-o.ContainerType',
  mountPoint: 'io.kubernetes.cri-o.MountPoint',
  namespace: 'io.kubernetes.pod.namespace',
  pod: 'io.kubernetes.pod.name',
  container: 'io.kubernetes.container.name',
};

const parseContainer = (id: string, text: string) => parseWithStorage(id, text, STORAGE);

function spec(values: Partial<Record<keyof typeof KEYS, unknown>>): string {
  const annotations = Object.entries(values).map(([key, value]) => [KEYS[key as keyof typeof KEYS], value]);
  return JSON.stringify({ ociVersion: '1.2.0', annotations: Object.fromEntries(annotations) });
}

const APP = spec({
  type: 'container',
  mountPoint: `${STORAGE}/overlay/0f3a/merged`,
  namespace: 'shop',
  pod: 'shop-0',
  container: 'app',
});

function find(host: Host, known: Container[] = []) {
  const faults: string[] = [];
  const locations = locationsOn(host);
  const context = { host, overlays: [], layers: new Map<string, string>(), locations, progress: () => {} };
  const knownById = new Map(known.map((container) => [container.id, container]));
  const containers = crioContainers({ ...context, known: knownById, fault: (about) => faults.push(about) });
  return { containers, faults };
}

test('containers by the annotations of their specs', () => {
  const common = { id: A, runtime: 'cri-o', namespace: 'shop', pod: 'shop-0' };
  assert.deepEqual(parseContainer(A, APP), { ...common, container: 'app', layer: `${STORAGE}/overlay/0f3a/diff` });
  const sandbox = spec({ type: 'sandbox', namespace: 'shop', pod: 'shop-0', container: 'ignored' });
  assert.deepEqual(parseContainer(A, sandbox), { ...common, container: 'POD', missingLayer: 'layer_not_walkable' });
  const missingLayer = 'layer_not_walkable';
  const nameless = { id: A, runtime: 'cri-o', namespace: '', pod: '', container: 'unknown', missingLayer };
  assert.deepEqual(parseContainer(A, spec({ type: 'container', pod: 5, mountPoint: '' })), nameless);
});

test("Podman's containers, in the same place, are none of ours", () => {
  assert.equal(parseContainer(A, '{"annotations":{"io.container.manager":"libpod"}}'), undefined);
  assert.equal(parseContainer(A, '{}'), undefined);
});

test("Podman's containers are none of ours with all annotations of CRI-O, which their images can have", () => {
  const withPath = (cgroupsPath: string) =>
    parseContainer(A, JSON.stringify({ ...JSON.parse(APP), linux: { cgroupsPath } }));
  for (const path of [`machine.slice:libpod:${A}`, `/libpod_parent/libpod-${A}`, '']) {
    assert.equal(withPath(path), undefined, path);
  }
  for (const path of [`kubepods-burstable-pod5a4f.slice:crio:${A}`, `/kubepods/burstable/pod5a4f/crio-${A}`]) {
    assert.equal(withPath(path)?.container, 'app', path);
  }
});

test('the layer is that of the root, and never outside the storage, whatever a pod writes into its annotations', () => {
  const layer = (mountPoint: string, root?: object) =>
    parseContainer(A, JSON.stringify({ ...JSON.parse(spec({ type: 'sandbox', mountPoint })), root }))?.layer;
  assert.equal(layer('/etc/x/merged'), undefined);
  assert.equal(layer(`${STORAGE}/overlay/../../../../etc/merged`), undefined);
  assert.equal(
    layer(`${STORAGE}/overlay/0b0b/merged`, { path: `${STORAGE}/overlay/0a0a/merged` }),
    `${STORAGE}/overlay/0a0a/diff`,
  );
});

test('containers of a storage that is elsewhere, and their layers', (t) => {
  const root = '/data/crio';
  const text = APP.replace(STORAGE, root);
  const { host } = temporaryHost(t, {
    '/etc/crio/crio.conf.d/10-storage.conf': `[crio]\nroot = "${root}"\n`,
    [`${root}/overlay-containers/${A}/userdata/config.json`]: text,
  });
  assert.deepEqual(
    find(host).containers.map(({ container, layer }) => [container, layer]),
    [['app', `${root}/overlay/0f3a/diff`]],
  );
});

test('empty names are unknown', () => {
  assert.equal(parseContainer(A, spec({ type: 'container', container: '' }))?.container, 'unknown');
});

test('any JSON is a container of texts, no container, or an error', () => {
  fc.assert(
    fc.property(anyJsonText('annotations', ...Object.values(KEYS)), (text) => {
      parsesOrThrows(
        text,
        (text) => parseContainer(A, text),
        (container) => {
          if (!container) return;
          assertOwner(container);
          assert.ok(container.layer === undefined || container.layer.endsWith('diff'));
        },
      );
    }),
  );
});

test('the containers of a host', (t) => {
  const directory = `${STORAGE}/overlay-containers`;
  const { host, root } = temporaryHost(t, {
    [`${directory}/${A}/userdata/config.json`]: APP,
    [`${directory}/${B}/userdata/config.json`]: APP.slice(0, -9),
    [`${directory}/${C}/userdata/other`]: '',
    [`${directory}/containers.json`]: '[]',
  });
  const { containers, faults } = find(host);
  assert.deepEqual(
    containers.map(({ id, container }) => [id, container]),
    [
      [A, 'app'],
      [B, 'unknown'],
    ],
  );
  assert.deepEqual(faults, [`${root}${directory}/${B}/userdata/config.json`]);
  const seen: Container = { id: A, runtime: 'cri-o', namespace: 'n', pod: 'p', container: 'seen' };
  assert.equal(find(host, [seen]).containers[0], seen);
});
