import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { connect } from 'node:tls';
import { hashSync } from 'bcryptjs';
import { until } from '../../exporter-process.ts';
import { missing } from '../../programs.ts';
import { type OwnServer, startOwnServer } from './own-server.ts';
import { get, WebConfigDirectory } from './web-server.ts';

const skip = missing(['openssl']);
const SOON = 30;
const TLS = 'tls_server_config: {cert_file: server.pem, key_file: server.key}\n';
const READ_AGAIN = 'web configuration read again';
const users = (password: string) => `basic_auth_users: {alice: ${hashSync(password, 4)}}\n`;

describe('a web configuration that changes', { concurrency: true }, () => {
  test('is taken up: users and headers', async (t) => {
    const { config, server } = await startConfigured(t, `${users('old')}http_server_config: {headers: {X-A: one}}\n`);
    const scrape = (auth: string) => get(`http://127.0.0.1:${server.port}/metrics`, { auth });
    assert.equal((await scrape('alice:old')).status, 200);
    config.configure(`${users('new')}http_server_config: {headers: {X-A: two}}\n`);
    await until(
      () => scrape('alice:new'),
      ({ status }) => status === 200,
      SOON,
    );
    const { status, headers } = await scrape('alice:old');
    assert.deepEqual([status, headers['x-a']], [401, 'two']);
  });

  test('is taken up: TLS begins, and ends', { skip }, async (t) => {
    const { config, server } = await startConfigured(t, '');
    const { cert: ca } = config.makeCertificate('server');
    const answers = (url: string) =>
      get(url, { ca }).then(
        ({ status }) => status,
        () => 0,
      );
    assert.equal(await answers(`http://127.0.0.1:${server.port}/`), 200);
    config.configure(TLS);
    await until(
      () => answers(`https://127.0.0.1:${server.port}/`),
      (status) => status === 200,
      SOON,
    );
    assert.equal(await answers(`http://127.0.0.1:${server.port}/`), 0);
    config.configure('');
    await until(
      () => answers(`http://127.0.0.1:${server.port}/`),
      (status) => status === 200,
      SOON,
    );
  });

  test('is taken up: a certificate that is renewed, and the authority of clients', { skip }, async (t) => {
    const config = new WebConfigDirectory(t);
    config.makeCertificate('server');
    const client = config.makeCertificate('client');
    const server = await startOwnServer(t, {}, [config.configure(TLS)]);
    const before = await certificateOf(server.port);
    config.makeCertificate('server');
    await until(
      () => certificateOf(server.port),
      (certificate) => certificate !== before,
      SOON,
    );
    config.configure(TLS.replace('}', ', client_auth_type: RequireAndVerifyClientCert, client_ca_file: client.pem}'));
    const answers = (options: object) =>
      get(`https://127.0.0.1:${server.port}/`, { rejectUnauthorized: false, ...options }).then(
        ({ status }) => status,
        () => 0,
      );
    await until(
      () => answers({}),
      (status) => status === 0,
      SOON,
    );
    assert.equal(await answers(client), 200);
  });

  test('leaves the last good one in use when it is invalid, and says so once', async (t) => {
    const { config, server } = await startConfigured(t, users('good'));
    const scrape = () => get(`http://127.0.0.1:${server.port}/metrics`, { auth: 'alice:good' });
    const problems = () => server.logged.filter((message) => message.startsWith('the last web configuration stays'));
    config.configure('basic_auth_users: {alice: plain}\n');
    await until(
      async () => problems().length,
      (count) => count > 0,
      SOON,
    );
    assert.equal(server.counts.reloadSuccessful, false);
    assert.equal((await scrape()).status, 200);
    server.reload();
    server.reload();
    config.configure(TLS);
    await until(
      async () => problems().length,
      (count) => count > 1,
      SOON,
    );
    assert.equal((await scrape()).status, 200);
    config.configure(`${users('good')}# mended\n`);
    await until(
      async () => server.logged.at(-1),
      (message) => message === READ_AGAIN,
      SOON,
    );
    assert.equal(server.counts.reloadSuccessful, true);
    assert.equal((await scrape()).status, 200);
    assert.equal(problems().length, 2);
    assert.match(problems()[0] ?? '', /the password of alice must be a bcrypt hash$/);
    assert.match(problems()[1] ?? '', /cannot read .*server\.pem: ENOENT/);
  });

  test('is taken up when a file that it names comes later', { skip }, async (t) => {
    const { config, server } = await startConfigured(t, '');
    config.configure(TLS);
    await until(
      async () => server.counts.reloadSuccessful,
      (successful) => !successful,
      SOON,
    );
    const { cert: ca } = config.makeCertificate('server');
    const answers = () =>
      get(`https://127.0.0.1:${server.port}/`, { ca }).then(
        ({ status }) => status,
        () => 0,
      );
    await until(answers, (status) => status === 200, SOON);
  });
});

async function startConfigured(
  t: TestContext,
  yaml: string,
): Promise<{ config: WebConfigDirectory; server: OwnServer }> {
  const config = new WebConfigDirectory(t);
  return { config, server: await startOwnServer(t, {}, [config.configure(yaml)]) };
}

/** The fingerprint of the certificate that a server shows. */
function certificateOf(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
    socket.on('error', reject);
  });
}
