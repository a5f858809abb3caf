import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Container } from '../../../../exporter/node/containers/container.ts';
import { containerdContainers, parseOwner } from '../../../../exporter/node/containers/containerd.ts';
import { layersByContainer } from '../../../../exporter/node/containers/runtime.ts';
import type { Host } from '../../../../exporter/node/host/host.ts';
import { readMountTable } from '../../../../exporter/node/kernel/mountinfo.ts';
import { anyJsonText, assertOwner, parsesOrThrows } from '../../../any-json.ts';
import { FIXTURES } from '../../../paths.ts';
import { temporaryHost } from '../host/temporary-host.ts';
import { locationsOn } from '../locations/locations-on.ts';

const TASKS = '/run/containerd/io.containerd.runtime.v2.task';
const [A, B, C] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string];
const PREFIX = 'io.kubernetes.cri';

function spec(container: string | undefined, type = 'container'): string {
  const annotations = {
    [`${PREFIX}.container-name`]: container,
    [`${PREFIX}.container-type`]: type,
    [`${PREFIX}.sandbox-name`]: 'shop-0',
    [`${PREFIX}.sandbox-namespace`]: 'shop',
  };
  return JSON.stringify({ ociVersion: '1.0.2', annotations });
}

function find(host: Host, known: Container[] = []) {
  const faults: string[] = [];
  const reads: string[] = [];
  const { mounts: overlays } = readMountTable(host, ['overlay']);
  const containers = containerdContainers({
    host,
    overlays,
    layers: layersByContainer(overlays),
    known: new Map(known.map((container) => [container.id, container])),
    locations: locationsOn(host),
    progress: (about) => reads.push(about),
    fault: (about) => faults.push(about),
  });
  return { containers, faults, reads };
}

test('owners in the annotations of a spec', () => {
  assert.deepEqual(parseOwner(spec('app')), { namespace: 'shop', pod: 'shop-0', container: 'app' });
  assert.deepEqual(parseOwner(spec(undefined, 'sandbox')), { namespace: 'shop', pod: 'shop-0', container: 'POD' });
  assert.equal(parseOwner(spec(undefined)).container, 'unknown');
  assert.deepEqual(parseOwner('{"annotations":{}}'), { namespace: '', pod: '', container: 'unknown' });
  assert.throws(() => parseOwner(''), /the file is empty/);
  assert.throws(() => parseOwner('{"annotations":'), SyntaxError);
});

test('the recorded specs have owners', () => {
  const directory = join(FIXTURES, `host-containerd-cgroup1${TASKS}/k8s.io`);
  const owners = readdirSync(directory).map((id) =>
    parseOwner(readFileSync(join(directory, id, 'config.json'), 'utf8')),
  );
  const names = owners.map(({ namespace, pod, container }) => `${namespace}/${pod}/${container}`).sort();
  assert.deepEqual(names, [
    'shop/chatty-56979dcc48-8j876/POD',
    'shop/chatty-56979dcc48-8j876/app',
    'shop/chatty-56979dcc48-vhrfl/POD',
    'shop/chatty-56979dcc48-vhrfl/app',
    'shop/croner/POD',
    'shop/croner/cron',
    'shop/ghost/POD',
    'shop/subpath/POD',
    'shop/subpath/app',
  ]);
});

test('any JSON has an owner of three texts, and what is cut off is an error', () => {
  const keys = ['annotations', `${PREFIX}.container-type`, `${PREFIX}.container-name`, `${PREFIX}.sandbox-name`];
  fc.assert(
    fc.property(anyJsonText(...keys), (text) => {
      parsesOrThrows(text, parseOwner, assertOwner);
    }),
  );
});

test('bundles of Kubernetes alone, with the layers of their mounts', (t) => {
  const { host } = temporaryHost(t, {
    '/proc/1/mountinfo': `1 0 0:1 / ${TASKS}/k8s.io/${A}/rootfs rw - overlay overlay rw,lowerdir=/l,upperdir=/s/121/fs,workdir=/w\n`,
    [`${TASKS}/k8s.io/${A}/config.json`]: spec('app'),
    [`${TASKS}/k8s.io/not-an-id/config.json`]: spec('app'),
    [`${TASKS}/moby/${B}/config.json`]: spec('docker'),
    [`/run/containerd/io.containerd.runtime.v1.linux/k8s.io/${B}/config.json`]: spec('old'),
    [`/run/k3s/containerd/io.containerd.runtime.v2.task/k8s.io/${C}/config.json`]: spec('k3s'),
    '/run/containerd/io.containerd.grpc.v1.cri/sandboxes/x': '',
  });
  const { containers, faults } = find(host);
  const common = { runtime: 'containerd', namespace: 'shop', pod: 'shop-0' };
  const missingLayer = 'layer_not_walkable';
  assert.deepEqual(
    containers.sort((a, b) => (a.id < b.id ? -1 : 1)),
    [
      { ...common, id: A, container: 'app', layer: '/s/121/fs' },
      { ...common, id: B, container: 'old', missingLayer },
      { ...common, id: C, container: 'k3s', missingLayer },
    ],
  );
  assert.deepEqual(faults, []);
});

test('a state directory elsewhere is found by the mounts in it', (t) => {
  const elsewhere = '/data/containerd-state';
  const { host } = temporaryHost(t, {
    '/proc/1/mountinfo': `1 0 0:1 / ${elsewhere}/io.containerd.runtime.v2.task/k8s.io/${A}/rootfs rw - overlay overlay rw,upperdir=/u\n`,
    [`${elsewhere}/io.containerd.runtime.v2.task/k8s.io/${A}/config.json`]: spec('app'),
  });
  assert.deepEqual(
    find(host).containers.map(({ id, container, layer }) => [id, container, layer]),
    [[A, 'app', '/u']],
  );
});

test('a broken spec is a fault, an absent one a container that is just starting or ending', (t) => {
  const { host, root } = temporaryHost(t, {
    [`${TASKS}/k8s.io/${A}/config.json`]: spec('app').slice(0, 40),
    [`${TASKS}/k8s.io/${B}/init.pid`]: '1',
  });
  const { containers, faults } = find(host);
  assert.deepEqual(
    containers.map(({ id, container }) => [id, container]),
    [
      [A, 'unknown'],
      [B, 'unknown'],
    ],
  );
  assert.deepEqual(faults, [`${root}${TASKS}/k8s.io/${A}/config.json`]);
});

test('a spec is read until its container has a name', (t) => {
  const { host } = temporaryHost(t, { [`${TASKS}/k8s.io/${A}/config.json`]: spec('app') });
  const seen = { id: A, runtime: 'containerd', namespace: 'n', pod: 'p', container: 'seen', layer: '/old' } as const;
  const again = find(host, [seen]);
  const missingLayer = 'layer_not_walkable';
  assert.deepEqual(again.containers, [
    { id: A, runtime: 'containerd', namespace: 'n', pod: 'p', container: 'seen', missingLayer },
  ]);
  assert.deepEqual(again.reads, []);
  assert.equal(find(host, [{ ...seen, container: 'unknown' }]).containers[0]?.container, 'app');
});
