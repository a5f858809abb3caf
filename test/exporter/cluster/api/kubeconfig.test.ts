import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { kubeconfig } from '../../../../exporter/cluster/api/kubeconfig.ts';
import { FakeClock } from '../fake-clock.ts';
import { TestCluster } from '../test-cluster.ts';
import { directoryOf, type Settings, writeKubeconfig } from './kubeconfig-file.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** Who the fake server lets in, by what the kubeconfig says. */
const ACCEPTED = ['Bearer of-a-user', `Basic ${base64('admin:secret')}`];

/** Ways to say the same: the settings of the cluster and of the user, and files beside the kubeconfig. */
type Variant = (cluster: TestCluster) => { cluster: Settings; user: Settings; files?: Record<string, string> };

const VARIANTS: [what: string, variant: Variant][] = [
  [
    'everything within the file, a client certificate',
    ({ certificates: { authority, client } }) => ({
      cluster: { 'certificate-authority-data': base64(authority.cert) },
      user: { 'client-certificate-data': base64(client.cert), 'client-key-data': base64(client.key) },
    }),
  ],
  [
    'files named relative to the kubeconfig',
    ({ certificates: { authority, client } }) => ({
      cluster: { 'certificate-authority': 'pki/ca.pem' },
      user: { 'client-certificate': './pki/client.pem', 'client-key': 'pki/client.key' },
      files: { 'pki/ca.pem': authority.cert, 'pki/client.pem': client.cert, 'pki/client.key': client.key },
    }),
  ],
  [
    'a token',
    ({ certificates }) => ({
      cluster: { 'certificate-authority-data': base64(certificates.authority.cert) },
      user: { token: 'of-a-user' },
    }),
  ],
  [
    'a file with a token, before the token that stands there',
    ({ certificates }) => ({
      cluster: { 'certificate-authority-data': base64(certificates.authority.cert) },
      user: { token: 'another', tokenFile: 'token' },
      files: { token: 'of-a-user\n' },
    }),
  ],
  [
    'name and password',
    ({ certificates }) => ({
      cluster: { 'certificate-authority-data': base64(certificates.authority.cert) },
      user: { username: 'admin', password: 'secret' },
    }),
  ],
  [
    'a server whose certificate has another name',
    ({ certificates }) => ({
      cluster: {
        'certificate-authority-data': base64(certificates.authority.cert),
        'tls-server-name': 'kubernetes.default.svc',
      },
      user: { token: 'of-a-user' },
    }),
  ],
  [
    'a server that is not verified',
    () => ({ cluster: { 'insecure-skip-tls-verify': true }, user: { token: 'of-a-user' } }),
  ],
  [
    'a program that prints a token',
    ({ certificates }) => ({
      cluster: { 'certificate-authority-data': base64(certificates.authority.cert) },
      user: {
        exec: {
          apiVersion: 'client.authentication.k8s.io/v1',
          command: 'sh',
          args: ['-c', `printf '{"status":{"token":"%s"}}' "$TOKEN"`],
          env: [{ name: 'TOKEN', value: 'of-a-user' }],
        },
      },
    }),
  ],
];

for (const [what, variant] of VARIANTS) {
  test(`a kubeconfig with ${what} lets us in`, async (t) => {
    const cluster = await TestCluster.start(t);
    for (const header of ACCEPTED) cluster.server.accepted.add(header);
    const directory = directoryOf(t);
    const { cluster: settings, user, files = {} } = variant(cluster);
    mkdirSync(join(directory, 'pki'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
    const path = writeKubeconfig(directory, { server: cluster.server.url, ...settings }, user);
    const access = await kubeconfig(path, cluster.clock);
    assert.equal(access.source, `user "u" of ${path}`);
    cluster.follow(['nodes'], new Map(), cluster.client(access));
    await cluster.caughtUp('nodes');
  });
}

test('a name that the certificate does not have is refused', async (t) => {
  const cluster = await TestCluster.start(t);
  const authority = base64(cluster.certificates.authority.cert);
  const settings = { 'certificate-authority-data': authority, 'tls-server-name': 'elsewhere.example' };
  const path = writeKubeconfig(directoryOf(t), { server: cluster.server.url, ...settings }, { token: 'of-a-user' });
  cluster.follow(['nodes'], new Map(), cluster.client(await kubeconfig(path, cluster.clock)));
  await cluster.phase('nodes', 'waiting');
  assert.match(String(cluster.logged[0]?.error), /elsewhere\.example/);
});

test('another context, a context without a user, and a server behind a path', async (t) => {
  const server = 'https://rancher.example/k8s/clusters/c-1/';
  const path = writeKubeconfig(directoryOf(t), { server }, { token: 'x' });
  const access = await kubeconfig(path, new FakeClock(0), 'nobody');
  assert.equal(access.server.href, server);
  assert.equal(access.source, path);
  assert.deepEqual(await access.credentials(), { tls: {} });
});

test('a kubeconfig is read as kubectl reads it', async (t) => {
  const path = join(directoryOf(t), 'config');
  const entries = (server: string) =>
    `clusters: [{name: c, cluster: {server: ${server}, insecure-skip-tls-verify: yes}}]\ncontexts: [{name: a, context: {cluster: c}}]\n`;
  for (const more of ['---\n', '--- # nothing\nb: [', 'current-context: a\n', '...\n']) {
    const server = 'https://kubectl.example/';
    writeFileSync(path, `---\ncurrent-context: a\n${entries(server)}${more}`);
    const access = await kubeconfig(path, new FakeClock(0));
    assert.equal(access.server.href, server, more);
    assert.deepEqual(await access.credentials(), { tls: { rejectUnauthorized: false } });
  }
  writeFileSync(path, 'users: [{name: c0de, user: *c0de}]\n');
  await assert.rejects(kubeconfig(path, new FakeClock(0)), (error: Error) => {
    assert.match(error.message, /^\/.*\/config is not valid YAML: unidentified alias \(line 1\)$/);
    return true;
  });
});
