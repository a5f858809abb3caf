import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { openrcService } from '../../../../exporter/node/services/openrc.ts';
import { type Entry, temporaryHost } from '../host/temporary-host.ts';

const SCRIPT = '/etc/init.d/k3s';

const args = (t: TestContext, entries: Record<string, Entry>) =>
  openrcService(temporaryHost(t, entries).host.rootfs, 'k3s')?.args;

test("the script of k3s's installer", (t) => {
  const script = `#!/sbin/openrc-run

depend() {
    after network-online
}
supervisor=supervise-daemon
name=k3s
command="/usr/local/bin/k3s"
command_args="server \\
	'--kubelet-arg=image-gc-high-threshold=70' \\
	'--data-dir=/my data' \\
    >>/var/log/k3s.log 2>&1"
respawn_delay=5 # seconds
`;
  assert.deepEqual(args(t, { [SCRIPT]: script }), [
    'server',
    '--kubelet-arg=image-gc-high-threshold=70',
    '--data-dir=/my data',
  ]);
  assert.equal(openrcService(temporaryHost(t, { [SCRIPT]: script }).host.rootfs, 'k3s')?.file, SCRIPT);
});

test("Alpine's script, whose options stand in conf.d", (t) => {
  const entries = {
    [SCRIPT]: `#!/sbin/openrc-run
command_args="\${K3S_EXEC:-server} $K3S_OPTS \${GONE} \${GONE-x}y"
command_args_foreground="--log \\$HOME"
`,
    '/etc/conf.d/k3s': `# K3S_EXEC=no
export K3S_EXEC="agent"
K3S_OPTS="--kubelet-arg=\\"a=b c\\""' --v=2'
`,
  };
  assert.deepEqual(args(t, entries), ['agent', '--kubelet-arg=a=b c', '--v=2', 'xy', '--log', '$HOME']);
});

test('no script, another kind of script, or none without arguments is no service', (t) => {
  assert.equal(args(t, {}), undefined);
  assert.equal(args(t, { [SCRIPT]: '#!/bin/sh\ncommand_args=server\n' }), undefined);
  assert.equal(args(t, { [SCRIPT]: '#!/sbin/openrc-run\ncommand=/bin/k3s\n' }), undefined);
  assert.equal(args(t, { [SCRIPT]: '#!/sbin/openrc-run\ncommand_args="server\n' }), undefined);
});
