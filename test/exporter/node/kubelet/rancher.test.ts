import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { rancherArguments } from '../../../../exporter/node/kubelet/rancher.ts';
import { type Entry, temporaryHost } from '../host/temporary-host.ts';

const CONFIGURATION = '/etc/rancher/k3s/config.yaml';
const DROP_INS = '/var/lib/rancher/k3s/agent/etc/kubelet.conf.d';
const BEFORE_132 = ['--eviction-hard=imagefs.available<5%,nodefs.available<5%', '--serialize-image-pulls=false'];
const CONTAINERD = '--container-runtime-endpoint=unix:///run/k3s/containerd/containerd.sock';

function k3s(
  t: TestContext,
  entries: Record<string, Entry>,
  given: string[] = [],
  environment: Record<string, string> = {},
) {
  return rancherArguments(temporaryHost(t, entries).host.rootfs, 'k3s', ['server', ...given], environment);
}

test('k3s before 1.32 gives flags of its own', (t) => {
  assert.deepEqual(k3s(t, {}), [...BEFORE_132, CONTAINERD]);
  const configured = { [CONFIGURATION]: 'kubelet-arg: config=/etc/kubelet.yaml\n' };
  assert.deepEqual(k3s(t, configured), [...BEFORE_132, CONTAINERD, '--config=/etc/kubelet.yaml']);
});

test('the runtime that k3s is given', (t) => {
  const endpoint = (entries: Record<string, Entry>, ...given: string[]) => k3s(t, entries, given)[2]?.split('=')[1];
  assert.equal(endpoint({}, '--docker'), 'unix:///run/k3s/cri-dockerd/cri-dockerd.sock');
  assert.equal(endpoint({ [CONFIGURATION]: 'docker: yes\n' }), 'unix:///run/k3s/cri-dockerd/cri-dockerd.sock');
  assert.equal(endpoint({ [CONFIGURATION]: 'docker: yes\n' }, '--docker=false'), CONTAINERD.split('=')[1]);
  assert.equal(endpoint({ [CONFIGURATION]: 'container-runtime-endpoint: unix:///run/c.sock\n' }), 'unix:///run/c.sock');
});

test('k3s since 1.32 has a drop-in directory, into which it copies other configuration', (t) => {
  const entries = {
    [`${DROP_INS}/00-k3s-defaults.conf`]: 'serializeImagePulls: false\n',
    [CONFIGURATION]: `kubelet-arg:
  - config=/etc/kubelet.yaml
  - config-dir=/etc/kubelet.d
  - image-gc-high-threshold=70
  - --kube-api-qps=9
`,
  };
  const expected = [`--config-dir=${DROP_INS}`, '--image-gc-high-threshold=70', '--kube-api-qps=9'];
  assert.deepEqual(k3s(t, entries), expected);
});

test('the configuration directory replaces lists or adds to them', (t) => {
  const entries = {
    [CONFIGURATION]: 'kubelet-arg: [a=1]\ndata-dir: /data\n',
    [`${CONFIGURATION}.d/1.yaml`]: 'kubelet-arg: [b=2, [x], {y: z}, ~]\n',
    [`${CONFIGURATION}.d/2.yaml`]: 'kubelet-arg+: [c=3]\n',
    [`${CONFIGURATION}.d/3.txt`]: 'kubelet-arg: [d=4]\n',
    '/data/agent/etc/kubelet.conf.d/00.conf': '',
  };
  assert.deepEqual(k3s(t, entries), ['--config-dir=/data/agent/etc/kubelet.conf.d', '--b=2', '--c=3']);
  const broken = { [CONFIGURATION]: 'kubelet-arg: [\n' };
  assert.throws(() => k3s(t, broken), /^Error: \/etc\/rancher\/k3s\/config.yaml: /);
});

test('what is given goes before the configuration', (t) => {
  const entries = {
    [CONFIGURATION]: 'kubelet-arg: [kube-api-burst=1]\ndata-dir: /other\n',
    '/my data/agent/etc/kubelet.conf.d/00.conf': '',
    '/env/agent/etc/kubelet.conf.d/00.conf': '',
  };
  const given = ['--kubelet-arg', 'image-gc-high-threshold=70', '--kubelet-arg=kube-api-qps=9', '--data-dir=/my data'];
  assert.deepEqual(k3s(t, entries, given), [
    '--config-dir=/my data/agent/etc/kubelet.conf.d',
    '--image-gc-high-threshold=70',
    '--kube-api-qps=9',
  ]);
  const environment = { K3S_DATA_DIR: '/env', K3S_CONFIG_FILE: '/gone.yaml' };
  assert.deepEqual(k3s(t, entries, [], environment), ['--config-dir=/env/agent/etc/kubelet.conf.d']);
});
