import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { enabledCommand, runningCommand } from '../../../../exporter/node/kubelet/command.ts';
import { processEntries } from '../host/process-entries.ts';
import { type Entry, temporaryHost } from '../host/temporary-host.ts';

const UNITS = '/etc/systemd/system';
const WANTS = `${UNITS}/multi-user.target.wants`;

test('a kubelet of its own has the flags of its command line', (t) => {
  const { host } = temporaryHost(t, processEntries(42, 'kubelet', { args: ['--v=2', '--config', '/k.yaml'] }));
  const by = "the kubelet's command line";
  assert.deepEqual(runningCommand(host, 42), { pid: 42, args: ['--v=2', '--config', '/k.yaml'], by });
});

test('a process that has ended, wholly or as a zombie', (t) => {
  const { host, root } = temporaryHost(t, { ...processEntries(42, 'kubelet'), '/proc/42/cmdline': '' });
  assert.equal(runningCommand(host, 42), undefined);
  rmSync(join(root, 'proc/42'), { recursive: true });
  assert.equal(runningCommand(host, 42), undefined);
});

/** The image-GC threshold and what names it, of a k3s that hides its arguments, or of another process with a kubelet within. */
function threshold(t: TestContext, entries: Record<string, Entry>, command = 'k3s-server', args = ['server']) {
  const cgroup = '/system.slice/k3s.service';
  const { host } = temporaryHost(t, { ...processEntries(42, command, { args, cgroup }), ...entries });
  const found = runningCommand(host, 42);
  const flag = found?.args.find((arg) => arg.startsWith('--image-gc-high-threshold'));
  return [flag?.split('=')[1], found?.by];
}

const GIVEN = '--kubelet-arg=image-gc-high-threshold=70';
const unit = (command: string) => `[Service]\nExecStart=/usr/local/bin/k3s ${command}\n`;
const COMMAND_LINE = "the kubelet's command line";

/** Where operators give k3s arguments for its kubelet, and what names them then. */
const PLACES: [what: string, entries: Record<string, Entry>, by: string][] = [
  [
    'the unit of the installer',
    { [`${UNITS}/k3s.service`]: unit(`\\\n    server \\\n\t'${GIVEN}' \\\n`) },
    `${UNITS}/k3s.service`,
  ],
  [
    'a drop-in of the unit',
    {
      [`${UNITS}/k3s.service`]: unit('server'),
      [`${UNITS}/k3s.service.d/override.conf`]: `[Service]\nExecStart=\nExecStart=/usr/local/bin/k3s server ${GIVEN}\n`,
    },
    `${UNITS}/k3s.service.d/override.conf`,
  ],
  [
    "the unit's environment",
    {
      [`${UNITS}/k3s.service`]: `${unit('server $MORE')}EnvironmentFile=-/etc/default/%N\n`,
      '/etc/default/k3s': `MORE="${GIVEN}"\n`,
    },
    `${UNITS}/k3s.service`,
  ],
  [
    'the script of OpenRC',
    { '/etc/init.d/k3s': `#!/sbin/openrc-run\ncommand_args="server ${GIVEN} >>/var/log/k3s.log 2>&1"\n` },
    '/etc/init.d/k3s',
  ],
  [
    'the configuration of OpenRC',
    {
      '/etc/init.d/k3s': '#!/sbin/openrc-run\ncommand_args="server $K3S_OPTS"\n',
      '/etc/conf.d/k3s': `K3S_OPTS="${GIVEN}"\n`,
    },
    '/etc/init.d/k3s',
  ],
  [
    'a file of --config',
    {
      [`${UNITS}/k3s.service`]: unit('server --config /srv/k.yaml'),
      '/srv/k.yaml': 'kubelet-arg: [image-gc-high-threshold=70]\n',
    },
    `${UNITS}/k3s.service`,
  ],
  [
    'a file that the environment of the process names',
    {
      '/proc/42/environ': 'K3S_TOKEN=x\0K3S_CONFIG_FILE=/srv/k.yaml\0',
      '/srv/k.yaml': 'kubelet-arg: image-gc-high-threshold=70\n',
    },
    COMMAND_LINE,
  ],
  [
    'a file that the environment of the unit names',
    {
      [`${UNITS}/k3s.service`]: `${unit('server')}Environment=K3S_CONFIG_FILE=/srv/k.yaml\n`,
      '/srv/k.yaml.d/1.yaml': 'kubelet-arg: image-gc-high-threshold=70\n',
    },
    `${UNITS}/k3s.service`,
  ],
  [
    'config.yaml, a text',
    { '/etc/rancher/k3s/config.yaml': 'kubelet-arg: image-gc-high-threshold=70\n' },
    COMMAND_LINE,
  ],
  [
    'config.yaml.d',
    { '/etc/rancher/k3s/config.yaml.d/1.yml': 'kubelet-arg+: [image-gc-high-threshold=70]\n' },
    COMMAND_LINE,
  ],
];

for (const [what, entries, by] of PLACES) {
  test(`arguments of k3s: ${what}`, (t) => assert.deepEqual(threshold(t, entries), ['70', by]));
}

test('arguments of k3s that are shown count, and the unit is the one that it runs in', (t) => {
  const other = { [`${UNITS}/k3s.service`]: unit('server --kubelet-arg=image-gc-high-threshold=60') };
  assert.deepEqual(threshold(t, other, 'k3s-server', ['server', GIVEN]), ['70', COMMAND_LINE]);
  const named = { ...other, [`${UNITS}/my-k3s.service`]: unit(`server ${GIVEN}`) };
  const cgroup = { '/proc/42/cgroup': '1:name=systemd:/system.slice/my-k3s.service\n' };
  assert.deepEqual(threshold(t, { ...named, ...cgroup }), ['70', `${UNITS}/my-k3s.service`]);
  const agent = { [`${UNITS}/k3s-agent.service`]: unit(`agent ${GIVEN}`), '/proc/42/cgroup': '0::/\n' };
  assert.deepEqual(threshold(t, agent, 'k3s-agent'), ['70', `${UNITS}/k3s-agent.service`]);
});

const SNAP = '/var/snap/microk8s';

test('MicroK8s has flags in a file, with variables of the snap', (t) => {
  const file = `# for 1.33
--kubeconfig=\${SNAP_DATA}/credentials/kubelet.config
--root-dir=\${SNAP_COMMON}/var/lib/kubelet
--eviction-hard="memory.available<100Mi,nodefs.available<1Gi"

--x=$OTHER
`;
  const entries = { [`${SNAP}/9072/args/kubelet`]: file, [`${SNAP}/current`]: { link: '9072' } };
  const path = `${SNAP}/current/args/kubelet`;
  const args = ['--scheduler-args-file=/a', `--kubelet-args-file=${path}`];
  const run = (given: string[], more: Record<string, Entry> = {}) =>
    runningCommand(
      temporaryHost(t, { ...entries, ...processEntries(42, 'kubelite', { args: given }), ...more }).host,
      42,
    );
  assert.deepEqual(run(args), {
    pid: 42,
    args: [
      `--kubeconfig=${SNAP}/current/credentials/kubelet.config`,
      `--root-dir=${SNAP}/common/var/lib/kubelet`,
      '--eviction-hard=memory.available<100Mi,nodefs.available<1Gi',
      '--x=$OTHER',
    ],
    by: path,
  });
  const environ = { '/proc/42/environ': 'SNAP_DATA=/srv/data\0SNAP_COMMON=/srv/common\0' };
  assert.deepEqual(run(args, environ)?.args.slice(0, 2), [
    '--kubeconfig=/srv/data/credentials/kubelet.config',
    '--root-dir=/srv/common/var/lib/kubelet',
  ]);
  assert.deepEqual(run([]), { pid: 42, args: [], by: COMMAND_LINE });
});

const K3S_DEFAULTS = [
  '--eviction-hard=imagefs.available<5%,nodefs.available<5%',
  '--serialize-image-pulls=false',
  '--container-runtime-endpoint=unix:///run/k3s/containerd/containerd.sock',
];

test('a kubelet that does not run but is enabled to', (t) => {
  const enabled = (entries: Record<string, Entry>) => enabledCommand(temporaryHost(t, entries).host.rootfs);
  const want = (name: string) => ({ [`${WANTS}/${name}.service`]: { link: `/lib/systemd/system/${name}.service` } });
  const k3s = { [`${UNITS}/k3s.service`]: unit(`server ${GIVEN}`) };
  assert.equal(enabled(k3s), undefined, 'a unit that is only there');
  assert.deepEqual(enabled({ ...k3s, ...want('k3s') })?.args, [...K3S_DEFAULTS, '--image-gc-high-threshold=70']);

  const kubelet = { '/lib/systemd/system/kubelet.service': '[Service]\nExecStart=/usr/bin/kubelet --config=/k.yaml\n' };
  const by = '/lib/systemd/system/kubelet.service';
  assert.deepEqual(enabled({ ...kubelet, ...want('kubelet') }), { args: ['--config=/k.yaml'], by });

  const rke2 = {
    '/lib/systemd/system/rke2-agent.service': '[Service]\nExecStart=/usr/local/bin/rke2 agent\n',
    '/etc/rancher/rke2/config.yaml': 'kubelet-arg: [max-pods=5]\n',
    '/var/lib/rancher/rke2/agent/etc/kubelet.conf.d/00.conf': '',
  };
  assert.deepEqual(enabled({ ...rke2, ...want('rke2-agent') })?.args, [
    '--config-dir=/var/lib/rancher/rke2/agent/etc/kubelet.conf.d',
    '--max-pods=5',
  ]);

  const k0s = (args: string) => ({
    [`${UNITS}/k0sworker.service`]: `[Service]\nExecStart=/usr/local/bin/k0s worker ${args}\n`,
  });
  assert.deepEqual(enabled({ ...k0s('--token-file=/x'), ...want('k0sworker') })?.args, [
    '--root-dir=/var/lib/k0s/kubelet',
    '--config=/var/lib/k0s/kubelet-config.yaml',
    '--container-runtime-endpoint=unix:///run/k0s/containerd.sock',
  ]);
  const remote = k0s('--data-dir=/data --cri-socket=remote:unix:///run/crio.sock "--kubelet-extra-args=--v=1 --x"');
  assert.deepEqual(enabled({ ...remote, ...want('k0sworker') })?.args, [
    '--root-dir=/data/kubelet',
    '--config=/data/kubelet-config.yaml',
    '--container-runtime-endpoint=unix:///run/crio.sock',
    '--v=1',
    '--x',
  ]);

  const kubelite = 'snap.microk8s.daemon-kubelite';
  const microk8s = {
    [`${UNITS}/${kubelite}.service`]: '[Service]\nExecStart=/usr/bin/snap run microk8s.daemon-kubelite\n',
    [`${SNAP}/current/args/kubelet`]: '--v=1\n',
  };
  assert.deepEqual(enabled({ ...microk8s, ...want(kubelite) })?.args, ['--v=1']);

  const openrc = { '/etc/init.d/k3s': `#!/sbin/openrc-run\ncommand_args="server ${GIVEN}"\n` };
  assert.equal(enabled(openrc), undefined);
  const level = { '/etc/runlevels/default/k3s': { link: '/etc/init.d/k3s' } };
  assert.equal(enabled({ ...openrc, ...level })?.args.at(-1), '--image-gc-high-threshold=70');
});
