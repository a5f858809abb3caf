import assert from 'node:assert/strict';
import { test } from 'node:test';
import { containerIdsIn, isBelowKubepods, podUidIn } from '../../../../exporter/node/containers/cgroup-path.ts';

const ID = '3d9b2790bea83d3e4a5811aa6e889fd65b0a930f5e6e959e213c52ec6131c9b2';
const INNER = '1f4ba9101557bba45b558e6596ae26301306301c16700b3d3cd97d42a91e01d1';
const UID = 'aa981dc0-c6aa-4b13-b73c-66a6f550d7b0';
const SLICE_UID = UID.replaceAll('-', '_');
/** Of a static pod: a hash of its manifest. */
const HASH = 'd41d8cd98f00b204e9800998ecf8427e';

test('containers and pods by their cgroups', () => {
  const cases: [path: string, ids: string[], uid: string | undefined][] = [
    [`/kubepods/besteffort/pod${UID}/${ID}`, [ID], UID],
    [`/kubepods/pod${UID}/${ID}`, [ID], UID],
    [`/kubepods/burstable/pod${HASH}/${ID}`, [ID], HASH],
    [
      `/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod${SLICE_UID}.slice/cri-containerd-${ID}.scope`,
      [ID],
      UID,
    ],
    [`/kubepods.slice/kubepods-pod${SLICE_UID}.slice/crio-${ID}.scope/container`, [ID], UID],
    [`/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${HASH}.slice`, [], HASH],
    [`/kubepods.slice/kubepods-pod${SLICE_UID}.slice/crio-conmon-${ID}.scope`, [], UID],
    [`/docker/${ID}`, [ID], undefined],
    [`/system.slice/docker-${ID}.scope`, [ID], undefined],
    [`/docker-${ID}.scope`, [ID], undefined],
    [`/docker/${ID}/docker/${INNER}`, [ID, INNER], undefined],
    [`/docker/${ID}/kubepods/besteffort/pod${UID}/${INNER}`, [ID, INNER], UID],
    [`/system.slice/docker-${ID}.scope/init.scope`, [ID], undefined],
    ['/system.slice/docker.service', [], undefined],
    [`/docker/${ID.slice(1)}`, [], undefined],
    [`/docker/${ID}0`, [], undefined],
    [`/docker/${ID.toUpperCase()}`, [], undefined],
    [`/system.slice/docker-${ID}.service`, [], undefined],
    ['/user.slice/podcast.service', [], undefined],
    ['/', [], undefined],
    ['', [], undefined],
  ];
  for (const [path, ids, uid] of cases) {
    assert.deepEqual(containerIdsIn(path), ids, path);
    assert.equal(podUidIn(path), uid, path);
  }
});

test("the pods of kind, whose kubelet's slices are below kubelet.slice", () => {
  const slice = `/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-besteffort.slice`;
  const path = `${slice}/kubelet-kubepods-besteffort-pod${SLICE_UID}.slice/cri-containerd-${ID}.scope`;
  assert.deepEqual(containerIdsIn(path), [ID]);
  assert.equal(podUidIn(path), UID);
});

test('whether the kubelet made a cgroup', () => {
  for (const path of [
    '/kubepods',
    '/kubepods/burstable/pod1',
    'kubepods-burstable-pod1.slice',
    '/kubepods.slice/x',
    '/kubelet/kubepods/pod1',
    '/kubelet.slice/kubelet-kubepods.slice',
  ]) {
    assert.equal(isBelowKubepods(path), true, path);
  }
  for (const path of ['', '/', '/docker', '/pods', '/my_kubepods', '/system.slice/kubelet.service']) {
    assert.equal(isBelowKubepods(path), false, path);
  }
});
