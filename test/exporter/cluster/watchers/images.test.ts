import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { KubePod } from '../../../../exporter/cluster/objects.ts';
import type { Change } from '../../../../exporter/cluster/watcher.ts';
import { images } from '../../../../exporter/cluster/watchers/images.ts';
import { anyJsonText } from '../../../any-json.ts';
import { changeOf, nodeChange, parsedObject } from '../changes.ts';
import { replay } from './replay-observer.ts';
import { valuesOf } from './samples.ts';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

const image = (sizeBytes: number, ...names: string[]) => ({ names, sizeBytes });

function start() {
  const observer = images.start();
  const value = (name: string) => valuesOf(observer)[name];
  return {
    observer,
    node: (type: Change['type'], name: string, list?: unknown) =>
      observer.observe.nodes?.(nodeChange(type, name, list)),
    pod: (type: Change['type'], uid: string, { spec, status }: KubePod) =>
      observer.observe.pods?.(
        changeOf(type, { metadata: { name: uid, uid }, spec: { nodeName: 'a', ...spec }, status: status ?? {} }),
      ),
    removed: () =>
      ['true', 'false'].map((localOnly) => value(`images_removed_total{node="a",local_only="${localOnly}"}`)),
    unused: () => value('unused_image_bytes{node="a"}'),
    values: () => valuesOf(observer),
  };
}

const pods = (...names: string[]) => ({ spec: { containers: names.map((name) => ({ image: name })) } });

test('the recording: what can be freed is what the kubelet found, and then it deletes it', () => {
  const at = (moment?: number) => {
    const observer = images.start();
    replay(observer, images.resources, moment);
    const values = valuesOf(observer);
    const labels = 'node="node-a"';
    return [
      values[`images{${labels}}`],
      values[`local_only_images{${labels}}`],
      values[`local_only_image_bytes{${labels}}`],
      values[`images_removed_total{${labels},local_only="true"}`],
      values[`images_removed_total{${labels},local_only="false"}`],
      values[`unused_image_bytes{${labels}}`],
    ];
  };
  assert.deepEqual(at(1795218700), [2, 2, 1998117 + 769320, 0, 0, 769320]);
  // Of FreeDiskSpaceFailed: "but only found 128906394 bytes eligible to free".
  assert.deepEqual(at(1795219100), [5, 5, 130904511, 0, 0, 128906394]);
  assert.deepEqual(at(1795219123), [4, 4, 130904511 - 42712358, 1, 0, 128906394 - 42712358]);
  assert.deepEqual(at(1795219139), [1, 1, 1998117, 4, 0, 0], 'two more and the pause image');
  assert.deepEqual(at(1795219169), [0, 0, 0, 5, 0, 0], 'under disk pressure the last one, when no pod was left');
  assert.deepEqual(at(1795219439), [4, 2, 1998117 + 769320, 5, 0, 769320 + 1998117], 'two were pulled');
  assert.deepEqual(at(), [4, 2, 1998117 + 769320, 5, 0, 769320 + 9055804 + 1253416], 'and their pods are gone');
});

test('local-only images have names and no digest', () => {
  const { node, values } = start();
  node('listed', 'a', [
    image(100, `nginx@${DIGEST}`, 'nginx:1'),
    image(20, 'built:1', 'built:latest'),
    image(7, '<none>@<none>', '<none>:<none>'),
    image(5),
    image(3, 'built:<none>', `built@${DIGEST}`),
  ]);
  assert.equal(values()['images{node="a"}'], 5);
  assert.equal(values()['local_only_images{node="a"}'], 1);
  assert.equal(values()['local_only_image_bytes{node="a"}'], 20);
  assert.equal(values()['unused_image_bytes{node="a"}'], undefined, 'no pod was ever heard of');
});

test('a node that never listed an image has no series; one that lists none any more has 0', () => {
  const { node, values, removed } = start();
  node('added', 'a');
  node('modified', 'a', []);
  assert.deepEqual(values(), {});
  node('modified', 'a', [image(1, 'x:1')]);
  node('modified', 'a');
  assert.equal(values()['images{node="a"}'], 0);
  assert.deepEqual(removed(), [1, 0]);
  node('deleted', 'a');
  assert.deepEqual(values(), {});
  node('added', 'a', [image(2, 'y:1')]);
  assert.deepEqual(removed(), [0, 0]);
});

test('an image is removed when none of its names is left', () => {
  const { node, removed } = start();
  node('listed', 'a', [
    image(9, 'app:1', 'app:latest'),
    image(8, `web@${DIGEST}`, 'web:1'),
    image(7),
    image(6, 'old:1'),
  ]);
  node('modified', 'a', [image(9, 'app:1'), image(8, `web@${DIGEST}`), image(6, 'old:1')]);
  assert.deepEqual(removed(), [0, 0], 'only names are gone, and an image that had none');
  node('listed', 'a', [image(10, 'app:1'), image(6, 'old:1')]);
  assert.deepEqual(removed(), [0, 1], 'the name went to another image');
  node('modified', 'a', [image(10, 'app:1')]);
  assert.deepEqual(removed(), [1, 1]);
});

test('an image that larger ones may have pushed out of a full list is not removed', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => image(1000 - index, `i${index}:1`));
  const full = many(50);
  const { node, removed } = start();
  node('listed', 'a', full);
  node('modified', 'a', [image(5000, 'new:1'), ...full.slice(0, 49)]);
  assert.deepEqual(removed(), [0, 0]);
  node('modified', 'a', [image(5000, 'new:1'), ...full.slice(1, 50)]);
  assert.deepEqual(removed(), [1, 0], 'one that was larger than what is left');
  node('modified', 'a', full.slice(1, 41));
  assert.deepEqual(removed(), [1 + 1 + 9, 0], 'a list that is not full has all');
  const unlimited = start();
  unlimited.node('listed', 'a', many(60));
  unlimited.node('modified', 'a', many(59));
  assert.deepEqual(unlimited.removed(), [1, 0], 'with more than 50 in it, it was not cut');
});

test('images are in use by any name, of any container, until no pod has them', () => {
  const { node, pod, unused, observer } = start();
  node('listed', 'a', [
    image(1, 'docker.io/library/nginx:latest', `docker.io/library/nginx@${DIGEST}`),
    image(10, 'registry.k8s.io/init:1'),
    image(100, 'docker.io/foo/side:2'),
    image(1000, 'localhost/bb:1'),
  ]);
  pod('listed', 'elsewhere', { spec: { nodeName: 'b', containers: [{ image: 'nginx' }] } });
  assert.equal(unused(), 1111);
  pod('added', '1', pods('nginx'));
  assert.equal(unused(), 1110);
  pod('added', '2', pods('nginx'));
  pod('deleted', '1', pods('nginx'));
  assert.equal(unused(), 1110, 'another pod has it');
  pod('modified', '2', {
    status: { containerStatuses: [{ image: '', imageID: `docker-pullable://nginx@${DIGEST}` }] },
  });
  assert.equal(unused(), 1110, 'by its digest');
  pod('modified', '2', {
    spec: { initContainers: [{ image: 'registry.k8s.io/init:1' }], ephemeralContainers: [{ image: 'foo/side:2' }] },
  });
  assert.equal(unused(), 1001);
  pod('modified', '2', { ...pods('localhost/bb:1'), status: { phase: 'Running' } });
  assert.equal(unused(), 111);
  pod('modified', '2', { ...pods('localhost/bb:1'), status: { phase: 'Failed' } });
  assert.equal(unused(), 1111);
  pod('added', '3', pods('nginx', 'localhost/bb:1'));
  observer.observe.pods?.(changeOf('deleted', { metadata: { name: '3', uid: '3' } }));
  assert.equal(unused(), 1111, 'its end was not seen');
});

test('pods may be heard of before their node, and move the moment they are bound', () => {
  const { node, pod, unused } = start();
  pod('listed', '1', pods('nginx:1'));
  pod('added', '2', { spec: { nodeName: '', containers: [{ image: 'other:1' }] } });
  node('listed', 'a', [image(1, 'docker.io/library/nginx:1'), image(10, 'docker.io/library/other:1')]);
  assert.equal(unused(), 10);
  pod('modified', '2', pods('other:1'));
  assert.equal(unused(), 0);
});

test('unused bytes are those of a count from nothing, whatever happened before', () => {
  const names = ['a:1', 'b:1', 'c:1', 'd:1'];
  const list = names.map((name, index) => image(10 ** index, name));
  const change = fc.record({
    uid: fc.constantFrom('1', '2', '3'),
    type: fc.constantFrom('listed' as const, 'added' as const, 'modified' as const, 'deleted' as const),
    used: fc.uniqueArray(fc.constantFrom(...names)),
    nodeName: fc.constantFrom('a', 'b'),
  });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1 }), (changes) => {
      const { node, pod, unused } = start();
      node('listed', 'a', list);
      const living = new Map<string, readonly string[]>();
      for (const { uid, type, used, nodeName } of changes) {
        pod(type, uid, { spec: { nodeName, containers: used.map((name) => ({ image: name })) } });
        living.set(uid, type === 'deleted' || nodeName !== 'a' ? [] : used);
        const inUse = new Set([...living.values()].flat());
        const expected = list.filter(({ names: [name = ''] }) => !inUse.has(name));
        assert.equal(
          unused(),
          expected.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
        );
      }
    }),
  );
});

test('objects of any shape are taken', () => {
  const keys = ['metadata', 'uid', 'name', 'spec', 'status', 'images', 'names', 'sizeBytes', 'containers', 'image'];
  fc.assert(
    fc.property(anyJsonText(...keys), fc.constantFrom('listed', 'added', 'modified', 'deleted'), (text, type) => {
      const { observer } = start();
      const object = parsedObject(text);
      const id = { name: 'a', uid: 'u' };
      const inside = { metadata: { name: 'a', uid: 'u' }, status: object, spec: object };
      const listing = { ...inside, status: { images: [object, ...Object.values(object)] } };
      for (const shape of [object, inside, listing]) {
        observer.observe.nodes?.({ type, id, object: shape as never, arrivedAt: 1, receivedAt: 1 });
        observer.observe.pods?.({ type, id, object: shape as never, arrivedAt: 1, receivedAt: 1 });
      }
      for (const value of Object.values(valuesOf(observer))) assert.ok(Number(value) >= 0);
    }),
  );
});

test('an empty list of a node that is not ready says nothing', () => {
  const { observer, node, values, removed } = start();
  node('listed', 'a', [image(1, 'x:1')]);
  observer.observe.nodes?.(nodeChange('modified', 'a', undefined, 0, 'False'));
  assert.equal(values()['images{node="a"}'], 1);
  assert.deepEqual(removed(), [0, 0]);
});

test('an image that larger ones push out of a short list is not removed', () => {
  const { node, removed } = start();
  node('listed', 'a', [image(9, 'nine:1'), image(5, 'five:1'), image(4, 'four:1')]);
  node('modified', 'a', [image(10, 'ten:1'), image(9, 'nine:1'), image(5, 'five:1')]);
  assert.deepEqual(removed(), [0, 0], 'the smallest may be there still');
  node('modified', 'a', [image(10, 'ten:1'), image(7, 'seven:1'), image(5, 'five:1')]);
  assert.deepEqual(removed(), [1, 0], 'a smaller one is in the list');
});
