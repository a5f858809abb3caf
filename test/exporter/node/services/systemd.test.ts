import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { systemdService } from '../../../../exporter/node/services/systemd.ts';
import { missing } from '../../../programs.ts';
import { type Entry, temporaryHost } from '../host/temporary-host.ts';

const UNIT = '/etc/systemd/system/k3s.service';
const SYSTEMD = '/usr/lib/systemd/systemd';

const service = (t: TestContext, entries: Record<string, Entry>, name = 'k3s') =>
  systemdService(temporaryHost(t, entries).host.rootfs, name);

const args = (t: TestContext, ...lines: string[]) => service(t, { [UNIT]: `[Service]\n${lines.join('\n')}\n` })?.args;

/** Command lines, and the arguments that systemd 252 makes of them, as it prints them. */
const LINES: [line: string, args: string[]][] = [
  ['/bin/k3s server', ['server']],
  ["/bin/k3s \\\n    server \\\n\t'--a' \\\n\t'b=c d' \\\n\n", ['server', '--a', 'b=c d']],
  ['/bin/k3s \\\n# comment \\\n; another\n  server', ['server']],
  ['/bin/k3s "--x=a b" --y="q r"\\x20z --w=a\\x20b', ['--x=a b', '--y=q r z', '--w=a b']],
  ['/bin/k3s \'it\\\'s\' "a\\"b" \\\\ a\\sb', ["it's", 'a"b', '\\', 'a b']],
  ['/bin/k3s %n %N %p %%', ['k3s.service', 'k3s', 'k3s', '%']],
  ['-@/bin/k3s argv0 server', ['server']],
  ['/bin/k3s  server\t--v=2  ', ['server', '--v=2']],
];

for (const [line, expected] of LINES) {
  test(`a command line: ${JSON.stringify(line)}`, (t) => assert.deepEqual(args(t, `ExecStart=${line}`), expected));
}

test('systemd reads the lines so', { skip: missing([SYSTEMD, 'runuser'], { root: true }) }, (t) => {
  for (const [line, expected] of LINES) {
    const { root } = temporaryHost(t, {
      '/x.service': `[Unit]\nDefaultDependencies=no\n[Service]\nExecStart=${line.replaceAll('%p', 'k3s')}\n`.replaceAll(
        /%[nN]/g,
        (specifier) => (specifier === '%n' ? 'k3s.service' : 'k3s'),
      ),
    });
    chmodSync(root, 0o777);
    const environment = [`SYSTEMD_UNIT_PATH=${root}:`, `XDG_RUNTIME_DIR=${root}`, 'SYSTEMD_LOG_LEVEL=err'];
    const command = ['-u', 'nobody', '--', 'env', ...environment, SYSTEMD, '--test', '--user', '--unit=x.service'];
    const dump = execFileSync('runuser', command, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const unit = dump.slice(dump.indexOf('-> Unit x.service:'));
    const [, shown = ''] = /Command Line: (.*)/.exec(unit) ?? [];
    const words = expected.map((word) => (/^[\w=.-]+$|^%$/.test(word) ? word : JSON.stringify(word)));
    const program = line.startsWith('-@') ? 'argv0' : '/bin/k3s';
    assert.equal(shown, [program, ...words].join(' '), line);
  }
});

test('drop-ins in the order of their names; an empty value takes back what was set', (t) => {
  const entries = {
    [UNIT]: '[Unit]\nExecStart=/bin/no\n[Service]\nExecStart=/bin/k3s server\nEnvironment=A=1\n',
    '/etc/systemd/system/k3s.service.d/20-b.conf': '[Service]\nExecStart=\nExecStart=/bin/k3s agent\n',
    '/usr/lib/systemd/system/k3s.service.d/10-a.conf':
      '[Service]\nExecStart=\nExecStart=/bin/k3s first\nEnvironment=B=2\n',
    '/usr/lib/systemd/system/k3s.service.d/20-b.conf': '[Service]\nExecStart=\nExecStart=/bin/k3s vendor\n',
    '/run/systemd/system/service.d/30.conf': '[Service]\nEnvironment="C=3 4" D=5\n',
    '/etc/systemd/system/k3s.service.d/40.txt': '[Service]\nExecStart=\n',
  };
  assert.deepEqual(service(t, entries), {
    args: ['agent'],
    environment: { A: '1', B: '2', C: '3 4', D: '5' },
    file: '/etc/systemd/system/k3s.service.d/20-b.conf',
  });
  const masked = { ...entries, '/etc/systemd/system/k3s.service.d/10-a.conf': { link: '/dev/null' } };
  assert.deepEqual(service(t, masked)?.environment, { A: '1', C: '3 4', D: '5' });
  const reset = { ...entries, '/run/systemd/system/k3s.service.d/90.conf': '[Service]\nExecStart=\nEnvironment=\n' };
  assert.equal(service(t, reset), undefined);
});

test('drop-ins of the beginnings of a name', (t) => {
  const entries = {
    '/lib/systemd/system/k3s-agent.service': '[Service]\nExecStart=/bin/k3s agent $ARGS\n',
    '/etc/systemd/system/k3s-.service.d/a.conf': '[Service]\nEnvironment=ARGS=--x\n',
  };
  assert.deepEqual(service(t, entries, 'k3s-agent')?.args, ['agent', '--x']);
});

test('the unit of the first directory counts, and one that is masked is none', (t) => {
  const vendor = { '/usr/lib/systemd/system/k3s.service': '[Service]\nExecStart=/bin/k3s vendor\n' };
  assert.deepEqual(service(t, vendor)?.args, ['vendor']);
  assert.equal(service(t, { ...vendor, [UNIT]: { link: '/dev/null' } }), undefined);
  assert.equal(service(t, { ...vendor, [UNIT]: '' }), undefined);
  assert.equal(service(t, {}), undefined);
});

test('variables of the environment and its files', (t) => {
  const entries = {
    [UNIT]: `[Service]
EnvironmentFile=-/etc/default/%N
EnvironmentFile=-/gone
Environment=A=unit "B=two words" E=
ExecStart=/bin/k3s \${A} $B x-\${B}-y $$A \${GONE}. $E $GONE $C
`,
    '/etc/default/k3s': `# C=no
A=file
C="--one  --two='a b'"
D=unquoted value \n`,
  };
  const found = service(t, entries);
  assert.deepEqual(found?.args, ['file', 'two', 'words', 'x-two words-y', '$A', '.', '--one', '--two=a b']);
  assert.equal(found?.environment.A, 'file');
  const verbatim = { [UNIT]: `[Service]\nEnvironment=A=1\nExecStart=:/bin/k3s \${A}\n` };
  assert.deepEqual(service(t, verbatim)?.args, [`\${A}`]);
});

test("kubeadm's drop-in", (t) => {
  const entries = {
    '/usr/lib/systemd/system/kubelet.service': '[Service]\nExecStart=/usr/bin/kubelet\nRestart=always\n',
    '/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf': `[Service]
Environment="KUBELET_KUBECONFIG_ARGS=--bootstrap-kubeconfig=/etc/kubernetes/b.conf --kubeconfig=/etc/kubernetes/kubelet.conf"
Environment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml"
EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
EnvironmentFile=-/etc/default/kubelet
ExecStart=
ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS
`,
    '/var/lib/kubelet/kubeadm-flags.env':
      'KUBELET_KUBEADM_ARGS="--container-runtime-endpoint=unix:///run/c.sock --v=1"\n',
    '/etc/default/kubelet': 'KUBELET_EXTRA_ARGS=--root-dir=/data/kubelet --node-ip=10.0.0.1\n',
  };
  assert.deepEqual(service(t, entries, 'kubelet')?.args.slice(2), [
    '--config=/var/lib/kubelet/config.yaml',
    '--container-runtime-endpoint=unix:///run/c.sock',
    '--v=1',
    '--root-dir=/data/kubelet',
    '--node-ip=10.0.0.1',
  ]);
});
