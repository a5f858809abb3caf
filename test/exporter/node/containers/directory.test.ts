import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Container } from '../../../../exporter/node/containers/container.ts';
import { ContainerDirectory } from '../../../../exporter/node/containers/directory.ts';

const [OUTER, INNER, STRANGE] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string];
const UID = 'aa981dc0-c6aa-4b13-b73c-66a6f550d7b0';

const outer: Container = { id: OUTER, runtime: 'docker', namespace: '', pod: '', container: 'outer', layer: '/l' };
const inner: Container = { id: INNER, runtime: 'docker', namespace: '', pod: '', container: 'inner' };
const pod = { uid: UID, namespace: 'shop', pod: 'croner' };
const directory = new ContainerDirectory({ containers: [outer, inner], pods: [pod] });

test('a container by its id', () => {
  assert.equal(directory.get(OUTER), outer);
  assert.equal(directory.get(STRANGE), undefined);
});

test('the innermost known container of a cgroup', () => {
  assert.equal(directory.containerOfCgroup(`/docker/${OUTER}`), outer);
  assert.equal(directory.containerOfCgroup(`/docker/${OUTER}/docker/${INNER}/init`), inner);
  assert.equal(directory.containerOfCgroup(`/docker/${OUTER}/docker/${STRANGE}`), outer);
  assert.equal(directory.containerOfCgroup('/system.slice/docker.service'), undefined);
});

test('the owner of a cgroup', () => {
  const unknown = { namespace: '', pod: '', container: 'unknown' };
  assert.deepEqual(directory.ownerOfCgroup(`/system.slice/docker-${OUTER}.scope`), {
    namespace: '',
    pod: '',
    container: 'outer',
  });
  assert.deepEqual(directory.ownerOfCgroup(`/docker/${STRANGE}`), unknown);
  assert.deepEqual(directory.ownerOfCgroup(`/kubepods/besteffort/pod${UID}/${STRANGE}`), {
    namespace: 'shop',
    pod: 'croner',
    container: 'unknown',
  });
  assert.deepEqual(directory.ownerOfCgroup(`/kubepods/podd41d8cd98f00b204e9800998ecf8427e/${STRANGE}`), unknown);
  assert.equal(directory.ownerOfCgroup(`/kubepods/besteffort/pod${UID}`), undefined);
  assert.equal(directory.ownerOfCgroup('/'), undefined);
});

test('an empty directory knows nobody', () => {
  assert.deepEqual(new ContainerDirectory().containers, []);
  assert.equal(new ContainerDirectory().containerOfCgroup(`/docker/${OUTER}`), undefined);
});
