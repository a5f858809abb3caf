import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { kubeconfig } from '../../exporter/cluster/api/kubeconfig.ts';
import { UsageError } from '../../exporter/config/usage-error.ts';
import { FakeClock } from './fake-clock.ts';
import { TestCluster } from './test-cluster.ts';

type Settings = Record<string, unknown>;

/** A directory for kubeconfig files and what they name. */
function directoryOf(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'foreshock-kubeconfig-'));
  t.after(() => rmSync(directory, { recursive: true }));
  return directory;
}

/** Writes a file with one cluster and one user. JSON is YAML. */
function write(directory: string, cluster: Settings, user: Settings | null, more: Settings = {}): string {
  const path = join(directory, 'config');
  const file = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'here',
    contexts: [
      { name: 'here', context: { cluster: 'c', user: 'u' } },
      { name: 'nobody', context: { cluster: 'c' } },
    ],
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user }],
    ...more,
  };
  writeFileSync(path, JSON.stringify(file));
  return path;
}

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
    const path = write(directory, { server: cluster.server.url, ...settings }, user);
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
  const path = write(directoryOf(t), { server: cluster.server.url, ...settings }, { token: 'of-a-user' });
  cluster.follow(['nodes'], new Map(), cluster.client(await kubeconfig(path, cluster.clock)));
  await cluster.phase('nodes', 'waiting');
  assert.match(String(cluster.logged[0]?.error), /elsewhere\.example/);
});

test('another context, a context without a user, and a server behind a path', async (t) => {
  const server = 'https://rancher.example/k8s/clusters/c-1/';
  const path = write(directoryOf(t), { server }, { token: 'x' });
  const access = await kubeconfig(path, new FakeClock(0), 'nobody');
  assert.equal(access.server.href, server);
  assert.equal(access.source, path);
  assert.deepEqual(await access.credentials(), { tls: {} });
});

const SERVER = { server: 'https://127.0.0.1:6443' };

/** What is wrong, and the error after the file's name. */
const ERRORS: [cluster: Settings, user: Settings | null, more: Settings, error: RegExp][] = [
  [SERVER, {}, { 'current-context': '' }, /^current-context is not set: kubectl config use-context sets it$/],
  [SERVER, {}, { 'current-context': 'x' }, /^no context is named "x": it has "here", "nobody"$/],
  [SERVER, {}, { contexts: 'none' }, /^no context is named "here": it has no contexts$/],
  [SERVER, {}, { clusters: [null, { name: 'd' }] }, /^no cluster is named "c": it has "", "d"$/],
  [SERVER, {}, { users: [] }, /^no user is named "u": it has no users$/],
  [SERVER, {}, { users: [{ name: 'u', user: [] }] }, /^user "u": must be a mapping$/],
  [SERVER, {}, { contexts: [{ name: 'here', context: {} }] }, /^context "here": cluster is not set$/],
  [{}, {}, {}, /^cluster "c": server is not set$/],
  [{ server: 'ftp://x' }, {}, {}, /^cluster "c": server must be an https or http URL, not "ftp:\/\/x"$/],
  [{ server: 7 }, {}, {}, /^cluster "c": server must be text$/],
  [{ ...SERVER, 'proxy-url': 'http://p' }, {}, {}, /^cluster "c": proxy-url is not supported: give an address/],
  [
    { ...SERVER, 'insecure-skip-tls-verify': 'yes' },
    {},
    {},
    /^cluster "c": insecure-skip-tls-verify must be true or false$/,
  ],
  [
    { ...SERVER, 'insecure-skip-tls-verify': true, 'certificate-authority': 'ca' },
    {},
    {},
    /^cluster "c": certificate-authority has no use with insecure-skip-tls-verify: remove one$/,
  ],
  [
    { ...SERVER, 'certificate-authority': 'ca.pem' },
    {},
    {},
    /^cluster "c": certificate-authority: cannot read \/.*ca\.pem: ENOENT/,
  ],
  [
    { ...SERVER, 'certificate-authority-data': 'eA==' },
    {},
    {},
    /^cluster "c": certificate-authority-data must be PEM in base64$/,
  ],
  [SERVER, { tokenFile: 'token' }, {}, /^user "u": tokenFile: cannot read \/.*token: ENOENT/],
  [SERVER, { 'client-key': 'key' }, {}, /^user "u": client-certificate and client-key need each other$/],
  [
    SERVER,
    { 'auth-provider': {} },
    {},
    /^user "u": auth-provider is not supported: use a token, a certificate or exec$/,
  ],
  [
    SERVER,
    { exec: { command: 'x', apiVersion: 'v0' } },
    {},
    /^user "u": exec: apiVersion must be client\.auth.*v1 or .*v1beta1$/,
  ],
  [SERVER, { exec: { apiVersion: 'client.authentication.k8s.io/v1' } }, {}, /^user "u": exec: command is not set$/],
  [
    SERVER,
    { exec: { command: 'x', apiVersion: 'client.authentication.k8s.io/v1', interactiveMode: 'Always' } },
    {},
    /^user "u": exec: interactiveMode Always needs a terminal/,
  ],
];

test('what is wrong with a kubeconfig is told with the file, the entry and the key', async (t) => {
  const directory = directoryOf(t);
  for (const [cluster, user, more, error] of ERRORS) {
    const path = write(directory, cluster, user, more);
    await assert.rejects(kubeconfig(path, new FakeClock(0)), (thrown) => {
      assert.ok(thrown instanceof UsageError, String(thrown));
      assert.ok(thrown.message.startsWith(`${path}: `), thrown.message);
      assert.match(thrown.message.slice(path.length + 2), error);
      return true;
    });
  }
});
