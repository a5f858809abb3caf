import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { hashSync } from 'bcryptjs';
import { startWebServer, WebConfigDirectory } from '../exporter/server/web-server.ts';
import { freePort } from '../exporter-process.ts';
import { missing } from '../programs.ts';
import { foreshock } from './command-line.ts';
import { loadedFiles } from './loaded-files.ts';

const skip = missing(['openssl']);
const TLS = 'tls_server_config: {cert_file: server.pem, key_file: server.key}\n';

describe('foreshock healthcheck', { concurrency: true }, () => {
  test('an exporter that answers is healthy', async (t) => {
    const { flags } = await startWebServer(t);
    await assertHealthy(flags);
  });

  test('an exporter with TLS and basic authentication is healthy', { skip }, async (t) => {
    const config = new WebConfigDirectory(t);
    config.makeCertificate('server');
    const yaml = `${TLS}basic_auth_users: {alice: ${hashSync('wonderland', 4)}}\n`;
    const { flags } = await startWebServer(t, [config.configure(yaml)]);
    await assertHealthy(flags);
  });

  test('an exporter that demands client certificates is healthy', { skip }, async (t) => {
    const config = new WebConfigDirectory(t);
    for (const name of ['server', 'client']) config.makeCertificate(name);
    const { flags } = await startWebServer(t, [
      config.configure(`tls_server_config:
  cert_file: server.pem
  key_file: server.key
  client_auth_type: RequireAndVerifyClientCert
  client_ca_file: client.pem
`),
    ]);
    await assertHealthy(flags);
  });

  test('the flags of an exporter are taken as they are, those of its collectors too', async (t) => {
    const { flags } = await startWebServer(t);
    await assertHealthy([
      ...flags,
      '--path.procfs=/host/proc',
      '--no-collector.zombies',
      '--collector.pids.timeout',
      '5',
    ]);
  });

  test('it loads no collector, no watcher and no web server', async () => {
    const { own, packages } = await loadedFiles(['healthcheck', `--web.listen-address=127.0.0.1:${await freePort()}`]);
    assert.deepEqual(packages, ['js-yaml']);
    assert.deepEqual(own, [
      'cli/healthcheck.js',
      'cli/main.js',
      'exporter/config/flags.js',
      'exporter/config/general-config.js',
      'exporter/config/help.js',
      'exporter/config/option.js',
      'exporter/config/options.js',
      'exporter/config/usage-error.js',
      'exporter/config/values.js',
      'exporter/config/yaml.js',
      'exporter/server/web-config.js',
      'exporter/version.js',
    ]);
  });

  test('an address where nobody listens is unhealthy', async () => {
    const address = `127.0.0.1:${await freePort()}`;
    await assertUnhealthy([`--web.listen-address=${address}`], 'ECONNREFUSED');
  });

  test('plain HTTP where TLS should be is unhealthy', { skip }, async (t) => {
    const config = new WebConfigDirectory(t);
    config.makeCertificate('server');
    const { flags } = await startWebServer(t);
    await assertUnhealthy([...flags, config.configure(TLS)], 'SSL');
  });

  test('an answer of 500 is unhealthy', async (t) => {
    const listen = await startStandIn(t, (_, response) => response.writeHead(500).end());
    await assertUnhealthy([listen], '500');
  });

  test('no answer is unhealthy', async (t) => {
    const listen = await startStandIn(t, () => {});
    await assertUnhealthy([listen], 'no answer');
  });

  test('the check ends though the server keeps the connection', async (t) => {
    const listen = await startStandIn(t, (_, response) => response.end('healthy\n'));
    await assertHealthy([listen]);
  });
});

async function assertHealthy(flags: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await foreshock(['healthcheck', ...flags]);
  assert.deepEqual([code, stdout, stderr], [0, '', '']);
}

async function assertUnhealthy(flags: readonly string[], named: string): Promise<void> {
  const { code, stderr } = await foreshock(['healthcheck', ...flags]);
  assert.equal(code, 1, stderr);
  assert.match(stderr, /^foreshock: unhealthy: .*\n$/);
  assert.ok(stderr.includes(named), stderr);
}

/** A server in the exporter's place that never closes a connection; resolves to the flag that leads to it. */
async function startStandIn(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer({ keepAliveTimeout: 0 }, listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `--web.listen-address=127.0.0.1:${(server.address() as AddressInfo).port}`;
}
