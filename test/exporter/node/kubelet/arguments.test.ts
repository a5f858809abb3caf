import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { kubeletArguments } from '../../../../exporter/node/kubelet/arguments.ts';
import { type Entry, temporaryHost } from '../host/temporary-host.ts';

const DROP_INS = '/var/lib/rancher/k3s/agent/etc/kubelet.conf.d';
const DEFAULTS = ['--eviction-hard=imagefs.available<5%,nodefs.available<5%', '--serialize-image-pulls=false'];

function k3s(t: TestContext, entries: Record<string, Entry>, command = 'k3s-server') {
  return kubeletArguments(temporaryHost(t, entries).host.rootfs, command, ['server']);
}

test('a kubelet of its own has its own flags', (t) => {
  assert.deepEqual(kubeletArguments(temporaryHost(t, {}).host.rootfs, 'kubelet', ['--v=2']), ['--v=2']);
});

test('k3s before 1.32 gives flags of its own', (t) => {
  assert.deepEqual(k3s(t, {}), DEFAULTS);
  const configured = { '/etc/rancher/k3s/config.yaml': 'kubelet-arg: config=/etc/kubelet.yaml\n' };
  assert.deepEqual(k3s(t, configured), [...DEFAULTS, '--config=/etc/kubelet.yaml']);
});

test('k3s since 1.32 has a drop-in directory, into which it copies other configuration', (t) => {
  const entries = {
    [`${DROP_INS}/00-k3s-defaults.conf`]: 'serializeImagePulls: false\n',
    '/etc/rancher/k3s/config.yaml': `kubelet-arg:
  - config=/etc/kubelet.yaml
  - config-dir=/etc/kubelet.d
  - image-gc-high-threshold=70
  - --kube-api-qps=9
`,
  };
  const expected = [`--config-dir=${DROP_INS}`, '--image-gc-high-threshold=70', '--kube-api-qps=9'];
  assert.deepEqual(k3s(t, entries), expected);
  assert.deepEqual(k3s(t, entries, 'k3s-agent'), expected);
});

test("k3s's configuration directory replaces lists or adds to them", (t) => {
  const entries = {
    '/etc/rancher/k3s/config.yaml': 'kubelet-arg: [a=1]\ndata-dir: /data\n',
    '/etc/rancher/k3s/config.yaml.d/1.yaml': 'kubelet-arg: [b=2]\n',
    '/etc/rancher/k3s/config.yaml.d/2.yaml': 'kubelet-arg+: [c=3]\n',
    '/etc/rancher/k3s/config.yaml.d/3.txt': 'kubelet-arg: [d=4]\n',
    '/data/agent/etc/kubelet.conf.d/00.conf': '',
  };
  assert.deepEqual(k3s(t, entries), ['--config-dir=/data/agent/etc/kubelet.conf.d', '--b=2', '--c=3']);
  const broken = { '/etc/rancher/k3s/config.yaml': 'kubelet-arg: [\n' };
  assert.throws(() => k3s(t, broken), /^Error: \/etc\/rancher\/k3s\/config.yaml: /);
});

test("arguments in k3s's unit go before its configuration", (t) => {
  const unit = `[Service]
Type=notify
ExecStartPre=-/sbin/modprobe overlay
ExecStart=/usr/local/bin/k3s \\
    server \\
\t'--kubelet-arg' \\
\t'image-gc-high-threshold=70' \\
\t--kubelet-arg=kube-api-qps=9 "--data-dir=/my data" \\

`;
  const entries = {
    '/etc/systemd/system/k3s.service': unit,
    '/etc/rancher/k3s/config.yaml': 'kubelet-arg: [kube-api-burst=1]\ndata-dir: /other\n',
    '/my data/agent/etc/kubelet.conf.d/00.conf': '',
  };
  const expected = [
    '--config-dir=/my data/agent/etc/kubelet.conf.d',
    '--image-gc-high-threshold=70',
    '--kube-api-qps=9',
  ];
  assert.deepEqual(k3s(t, entries), expected);
  assert.deepEqual(k3s(t, entries, 'k3s-agent'), [...DEFAULTS, '--kube-api-burst=1']);
});

test('MicroK8s has flags in a file', (t) => {
  const { host } = temporaryHost(t, {
    '/var/snap/microk8s/9072/args/kubelet': `# for 1.33
--kubeconfig=\${SNAP_DATA}/credentials/kubelet.config
--eviction-hard="memory.available<100Mi,nodefs.available<1Gi"

--serialize-image-pulls=false
`,
    '/var/snap/microk8s/current': { link: '9072' },
  });
  const args = ['--scheduler-args-file=/a', '--kubelet-args-file=/var/snap/microk8s/current/args/kubelet'];
  assert.deepEqual(kubeletArguments(host.rootfs, 'kubelite', args), [
    `--kubeconfig=\${SNAP_DATA}/credentials/kubelet.config`,
    '--eviction-hard=memory.available<100Mi,nodefs.available<1Gi',
    '--serialize-image-pulls=false',
  ]);
  assert.deepEqual(kubeletArguments(host.rootfs, 'kubelite', []), []);
});
