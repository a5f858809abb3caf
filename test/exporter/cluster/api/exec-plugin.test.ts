import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ExecPlugin } from '../../../../exporter/cluster/api/exec-plugin.ts';
import { Section } from '../../../../exporter/cluster/api/kubeconfig-section.ts';
import { FakeClock } from '../fake-clock.ts';

const NOW = 1_800_000_000;

/** A plugin that is this shell script, and how often it ran. */
function plugin(t: TestContext, script: string) {
  const directory = mkdtempSync(join(tmpdir(), 'foreshock-exec-'));
  t.after(() => rmSync(directory, { recursive: true }));
  writeFileSync(join(directory, 'plugin'), `#!/bin/sh\necho run >>"${directory}/runs"\n${script}\n`, { mode: 0o755 });
  const clock = new FakeClock(NOW);
  const exec = { apiVersion: 'client.authentication.k8s.io/v1beta1', command: './plugin' };
  const made = ExecPlugin.ofUser(new Section('f: user "u"', { exec }), directory, clock);
  assert.ok(made);
  const runs = () =>
    existsSync(`${directory}/runs`) ? readFileSync(`${directory}/runs`, 'utf8').split('\n').length - 1 : 0;
  return { plugin: made, clock, runs, directory };
}

test('its credentials are kept until shortly before they expire, or are refused', async (t) => {
  const expires = new Date((NOW + 100) * 1000).toISOString();
  const { plugin: made, clock, runs } = plugin(t, `echo '{"status":{"token":"t","expirationTimestamp":"${expires}"}}'`);
  const expected = { tls: {}, authorization: 'Bearer t' };
  assert.deepEqual(await Promise.all([made.credentials(), made.credentials()]), [expected, expected]);
  clock.advance(89);
  await made.credentials();
  assert.equal(runs(), 1);
  clock.advance(1);
  await made.credentials();
  assert.equal(runs(), 2);
  made.forget();
  await made.credentials();
  assert.equal(runs(), 3);
});

test('credentials without an end are kept; a certificate may stand for the token', async (t) => {
  const status = { clientCertificateData: 'cert', clientKeyData: 'key' };
  const { plugin: made, clock, runs } = plugin(t, `echo '${JSON.stringify({ status })}'`);
  assert.deepEqual(await made.credentials(), { tls: { cert: 'cert', key: 'key' } });
  clock.advance(1e6);
  await made.credentials();
  assert.equal(runs(), 1);
});

test('it is told what is wanted', async (t) => {
  const { plugin: made, directory } = plugin(
    t,
    `echo "$KUBERNETES_EXEC_INFO" >"$(dirname "$0")/info"; echo '{"status":{"token":"t"}}'`,
  );
  await made.credentials();
  assert.deepEqual(JSON.parse(readFileSync(join(directory, 'info'), 'utf8')), {
    apiVersion: 'client.authentication.k8s.io/v1beta1',
    kind: 'ExecCredential',
    spec: { interactive: false },
  });
});

test('what it does wrong is told with its name, and it is asked again', async (t) => {
  const scripts: [script: string, error: RegExp][] = [
    ['echo no login >&2; exit 3', /^Error: f: user "u": exec \(\/.*\/plugin\) printed no ExecCredential: .*no login$/],
    ['echo hello', /printed no ExecCredential: Unexpected token/],
    ['head -c 2000000 /dev/zero', /printed no ExecCredential: .*maxBuffer/],
    [`echo '{"status":{"clientCertificateData":"c"}}'`, /printed an ExecCredential without token or certificate$/],
    [`echo 'null'`, /printed an ExecCredential without token or certificate$/],
  ];
  for (const [script, error] of scripts) {
    const { plugin: made, runs } = plugin(t, script);
    await assert.rejects(made.credentials(), error);
    await assert.rejects(made.credentials(), error);
    assert.equal(runs(), 2);
  }
});
