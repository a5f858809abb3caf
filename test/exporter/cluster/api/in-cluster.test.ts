import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { inCluster } from '../../../../exporter/cluster/api/in-cluster.ts';
import { UsageError } from '../../../../exporter/config/usage-error.ts';
import { TestCluster } from '../test-cluster.ts';

const ENVIRONMENT = { KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '443' };

/** A directory as the kubelet mounts it. */
function serviceAccount(t: TestContext, files: Record<string, string>): string {
  const directory = mkdtempSync(join(tmpdir(), 'foreshock-account-'));
  t.after(() => rmSync(directory, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  return directory;
}

test('the address of the API server, of either family', () => {
  const server = (host: string, port: string) =>
    inCluster({ KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port }).server.href;
  assert.equal(server('10.96.0.1', '443'), 'https://10.96.0.1/');
  assert.equal(server('10.96.0.1', '6443'), 'https://10.96.0.1:6443/');
  assert.equal(server('fd00::1', '443'), 'https://[fd00::1]/');
});

test('outside of a pod: an error that says what to do', () => {
  for (const environment of [{}, { ...ENVIRONMENT, KUBERNETES_SERVICE_PORT: '' }]) {
    assert.throws(
      () => inCluster(environment),
      (error) => error instanceof UsageError && /kubeconfig/.test(error.message),
    );
  }
});

test('the token and the authority are those that stand in the files now', async (t) => {
  const directory = serviceAccount(t, { token: 'one\n', 'ca.crt': 'old' });
  const access = inCluster(ENVIRONMENT, directory);
  assert.deepEqual(await access.credentials(), { tls: { ca: 'old' }, authorization: 'Bearer one' });
  writeFileSync(join(directory, 'token'), 'two');
  writeFileSync(join(directory, 'ca.crt'), 'new');
  assert.deepEqual(await access.credentials(), { tls: { ca: 'new' }, authorization: 'Bearer two' });
});

test('a pod without a service account: an error that names the file and the setting', async (t) => {
  const access = inCluster(ENVIRONMENT, serviceAccount(t, { 'ca.crt': '' }));
  await assert.rejects(
    access.credentials(),
    /automountServiceAccountToken must be on\): cannot read .*\/token: ENOENT/,
  );
});

test('a client in a pod: the token is rotated while it watches', async (t) => {
  const cluster = await TestCluster.start(t);
  const { hostname, port } = new URL(cluster.server.url);
  const directory = serviceAccount(t, { token: 'first', 'ca.crt': cluster.certificates.authority.cert });
  const environment = { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port };
  cluster.server.accepted.add('Bearer first');
  cluster.follow(['nodes'], new Map(), cluster.client(inCluster(environment, directory)));
  await cluster.caughtUp('nodes');
  cluster.server.accepted.clear();
  cluster.server.accepted.add('Bearer second');
  cluster.clock.advance(20);
  cluster.server.watches('nodes')[0]?.end();
  await cluster.phase('nodes', 'waiting');
  writeFileSync(join(directory, 'token'), 'second');
  cluster.clock.advance(0.25);
  await cluster.caughtUp('nodes');
  assert.equal(cluster.reflector('nodes').status.error, undefined);
});
