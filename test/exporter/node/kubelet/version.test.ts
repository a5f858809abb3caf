import assert from 'node:assert/strict';
import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { buildMinor, kubeletMinor, packageMinor } from '../../../../exporter/node/kubelet/version.ts';
import { temporaryHost } from '../host/temporary-host.ts';
import { elfWith, goBuildInfo } from './go-executable.ts';

const PATH = 'path\tk8s.io/kubernetes/cmd/kubelet\n';
const LDFLAGS = `build\t-ldflags="all=-X 'k8s.io/client-go/pkg/version.gitVersion=v1.26.1' -s -w"\n`;
const STATUS = `Package: kubectl
Status: install ok installed
Version: 1.33.1-1.1

Package: kubelet
Status: hold ok installed
Architecture: amd64
Version: 1.26.1-00
Depends: iptables (>= 1.4.21)

Package: kubernetes-cni
Status: install ok installed
Version: 1.2.0-00
`;

test('the version in the build info of a kubelet', () => {
  const cases: [string, number | undefined][] = [
    [`${PATH}mod\tk8s.io/kubernetes\tv1.33.1\t\nbuild\t-trimpath=true\n`, 33],
    [`${PATH}mod\tk8s.io/kubernetes\t(devel)\t\n${LDFLAGS}`, 26],
    [`${PATH}mod\tk8s.io/kubernetes\t(devel)\t\nbuild\t-trimpath=true\n`, undefined],
    [
      'path\tgithub.com/k3s-io/k3s/cmd/server\nmod\tgithub.com/k3s-io/k3s\t(devel)\t\n' +
        'dep\tk8s.io/kubernetes\tv1.32.4\n=>\tgithub.com/k3s-io/kubernetes\tv1.32.4-k3s1\th1:=\n',
      32,
    ],
    ['dep\tk8s.io/kubernetes-client\tv1.9.0\n', undefined],
    ['', undefined],
  ];
  for (const [info, minor] of cases) assert.equal(buildMinor(info), minor, info);
});

test('the version of the package', () => {
  assert.equal(packageMinor(STATUS), 26);
  assert.equal(packageMinor(STATUS.replace('hold ok installed', 'deinstall ok config-files')), undefined);
  assert.equal(packageMinor(STATUS.replace('Package: kubelet\n', 'Package: kubelet-extras\n')), undefined);
  assert.equal(packageMinor(STATUS.replace('1.26.1-00', 'unknown')), undefined);
  assert.equal(packageMinor(''), undefined);
});

test('the executable of the process goes before the package, which goes before nothing', (t) => {
  const { host, root } = temporaryHost(t, { '/var/lib/dpkg/status': STATUS, '/proc/42/comm': 'kubelet\n' });
  assert.equal(kubeletMinor(host, 42), 26);
  mkdirSync(join(root, 'proc/42/exe'));
  assert.equal(kubeletMinor(host, 42), 26, 'cannot be read');
  rmdirSync(join(root, 'proc/42/exe'));
  writeFileSync(join(root, 'proc/42/exe'), 'not an executable');
  assert.equal(kubeletMinor(host, 42), 26);
  writeFileSync(
    join(root, 'proc/42/exe'),
    elfWith({ '.go.buildinfo': goBuildInfo('mod\tk8s.io/kubernetes\tv1.35.0\t\n') }),
  );
  assert.equal(kubeletMinor(host, 42), 35);
  assert.equal(kubeletMinor(temporaryHost(t, {}).host, 42), undefined);
  assert.equal(kubeletMinor(temporaryHost(t, {}).host, undefined), undefined);
});
