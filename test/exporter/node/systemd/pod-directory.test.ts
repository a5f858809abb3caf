import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { podOfMountUnit, podOfUnitFile } from '../../../../exporter/node/systemd/pod-directory.ts';
import { anyTextWith } from '../../../any-text.ts';

const UID = 'aa981dc0-c6aa-4b13-b73c-66a6f550d7b0';
const POD = `/var/lib/kubelet/pods/${UID}`;
const DESCRIPTION = 'Description=Kubernetes transient mount for';

test('the pod of a unit file', () => {
  const cases: [text: string, pod: string | undefined][] = [
    [`# This is a transient unit file.\n[Unit]\n${DESCRIPTION} ${POD}/volume-subpaths/cm/app/0\n`, POD],
    [`[Unit]\n${DESCRIPTION} ${POD}/volumes/kubernetes.io~nfs/pvc-1\n`, POD],
    [`${DESCRIPTION} /srv/my kubelet/pods/${UID}/volumes/x`, `/srv/my kubelet/pods/${UID}`],
    [`${DESCRIPTION} ${POD}/volumes/x/pods/${'0'.repeat(32)}/y`, POD],
    [`${DESCRIPTION} /pods/${'0'.repeat(32)}/volumes/x`, `/pods/${'0'.repeat(32)}`],
    [`${DESCRIPTION} /var/lib/kubelet/plugins/kubernetes.io/azure-disk/mounts/m436970985`, undefined],
    [`${DESCRIPTION} /var/lib/kubelet/pods/${UID}x/y`, undefined],
    [`Description=/usr/bin/tar ${POD}/volumes/x`, undefined],
    [`Description=libcontainer container ${'a'.repeat(64)}\n`, undefined],
    [`Documentation=${DESCRIPTION} ${POD}/x`, undefined],
    ['', undefined],
  ];
  for (const [text, pod] of cases) assert.equal(podOfUnitFile(text), pod, text);
});

test('the pod of a mount unit', () => {
  const escaped = UID.replaceAll('-', '\\x2d');
  const cases: [unit: string, pod: string | undefined][] = [
    [`var-lib-kubelet-pods-${escaped}-volume\\x2dsubpaths-cm-app-0.mount`, POD],
    [`var-lib-kubelet-pods-${escaped}-volumes-kubernetes.io\\x7esecret-default.mount`, POD],
    [`srv-k\\xc3\\xbcbe-pods-${escaped}-volumes-x.mount`, `/srv/kübe/pods/${UID}`],
    [`pods-${'0'.repeat(32)}.mount`, `/pods/${'0'.repeat(32)}`],
    [`var-lib-kubelet-pods-${UID}-x.mount`, undefined],
    [`var-lib-kubelet-pods-${escaped}-x.scope`, undefined],
    ['-.mount', undefined],
    ['', undefined],
  ];
  for (const [unit, pod] of cases) assert.equal(podOfMountUnit(unit), pod, unit);
});

test('the pod of any path is found in its description, and in its name as systemd escapes it', () => {
  const part = fc.stringMatching(/^[^/\0\n-]{1,9}$/u).filter((text) => !/^\.{1,2}$/.test(text) && text !== 'pods');
  fc.assert(
    fc.property(fc.array(part), fc.uuid(), fc.array(part, { minLength: 1 }), (root, uid, below) => {
      const pod = ['', ...root, 'pods', uid].join('/');
      const path = [pod, ...below].join('/');
      assert.equal(podOfUnitFile(`[Unit]\n${DESCRIPTION} ${path}\n`), pod);
      assert.equal(podOfMountUnit(`${escapePath(path)}.mount`), pod);
    }),
  );
});

test('any text has a pod or none', () => {
  const text = anyTextWith(DESCRIPTION, ' ', '/', 'pods', '/pods/', UID, '-', '\\x2d', '\\x', '.mount', '\n');
  fc.assert(
    fc.property(text, (text) => {
      for (const pod of [podOfUnitFile(text), podOfMountUnit(text), podOfMountUnit(`${text}.mount`)])
        assert.match(pod ?? `/pods/${UID}`, /^\/(.*\/)?pods\/[0-9a-f-]+$/s);
    }),
  );
});

/** As systemd does (src/basic/unit-name.c, unit_name_path_escape). */
function escapePath(path: string): string {
  return [...Buffer.from(path.slice(1))]
    .map((byte) => {
      const char = String.fromCharCode(byte);
      if (char === '/') return '-';
      return /[A-Za-z0-9:_.]/.test(char) ? char : `\\x${byte.toString(16).padStart(2, '0')}`;
    })
    .join('');
}
