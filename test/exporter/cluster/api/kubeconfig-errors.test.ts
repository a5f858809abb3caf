import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kubeconfig } from '../../../../exporter/cluster/api/kubeconfig.ts';
import { UsageError } from '../../../../exporter/config/usage-error.ts';
import { FakeClock } from '../fake-clock.ts';
import { directoryOf, type Settings, writeKubeconfig } from './kubeconfig-file.ts';

const SERVER = { server: 'https://127.0.0.1:6443' };

/** What is wrong, and the error after the file's name. */
const ERRORS: [cluster: Settings, user: Settings | null, more: Settings, error: RegExp][] = [
  [SERVER, {}, { 'current-context': '' }, /^current-context is not set: set it with kubectl config use-context$/],
  [SERVER, {}, { 'current-context': 'x' }, /^no context is named "x": it has "here", "nobody"$/],
  [SERVER, {}, { contexts: 'none' }, /^no context is named "here": it has no contexts$/],
  [SERVER, {}, { clusters: [null, { name: 'd' }] }, /^no cluster is named "c": it has "", "d"$/],
  [SERVER, {}, { users: [] }, /^no user is named "u": it has no users$/],
  [SERVER, {}, { users: [{ name: 'u', user: [] }] }, /^user "u": must be a mapping$/],
  [SERVER, {}, { contexts: [{ name: 'here', context: {} }] }, /^context "here": cluster is not set$/],
  [{}, {}, {}, /^cluster "c": server is not set$/],
  [{ server: 'ftp://x' }, {}, {}, /^cluster "c": server must be an https or http URL, not "ftp:\/\/x"$/],
  [{ server: 7 }, {}, {}, /^cluster "c": server must be text$/],
  [{ ...SERVER, 'proxy-url': 'http://p' }, {}, {}, /^cluster "c": proxy-url is not supported: use an address/],
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
    /^cluster "c": certificate-authority has no effect with insecure-skip-tls-verify: remove one of them$/,
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
  [SERVER, { 'client-key': 'key' }, {}, /^user "u": client-certificate and client-key must be set together$/],
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
    const path = writeKubeconfig(directory, cluster, user, more);
    await assert.rejects(kubeconfig(path, new FakeClock(0)), (thrown) => {
      assert.ok(thrown instanceof UsageError, String(thrown));
      assert.ok(thrown.message.startsWith(`${path}: `), thrown.message);
      assert.match(thrown.message.slice(path.length + 2), error);
      return true;
    });
  }
});
