import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hashSync } from 'bcryptjs';
import { missing } from '../../programs.ts';
import { get, startWebServer, WebConfigDirectory } from './web-server.ts';

const skip = missing(['openssl']);

describe('a web server for some', { concurrency: true }, () => {
  test('basic authentication', async (t) => {
    const config = new WebConfigDirectory(t);
    const users = `basic_auth_users:\n  alice: ${hashSync('wonder:land', 4)}\n  bob: ${hashSync('builder', 4)}\n`;
    const { address } = await startWebServer(t, [config.configure(users)]);
    const status = async (auth: string | null, path = '/metrics') =>
      (await get(`http://${address}${path}`, { auth })).status;

    await t.test('nobody is let in without, but for probes', async () => {
      const { status: code, headers, body } = await get(`http://${address}/metrics`);
      assert.equal(code, 401);
      assert.match(headers['www-authenticate'] ?? '', /^Basic/);
      assert.doesNotMatch(body.toString(), /foreshock_/);
      for (const path of ['/', '/-/', '/-/healthy/..', '/nowhere']) assert.equal(await status(null, path), 401, path);
    });

    await t.test('probes need no password', async () => {
      for (const path of ['/-/healthy', '/-/ready']) {
        const { status: code, body } = await get(`http://${address}${path}`);
        assert.notEqual(code, 401, path);
        assert.match(body.toString(), /^Foreshock is (healthy|ready|not ready: starting)\.\n$/);
      }
    });

    await t.test('those are let in who know their own password', async () => {
      for (const auth of ['alice:wonder:land', 'bob:builder']) {
        assert.equal(await status(auth), 200, auth);
        assert.equal(await status(auth), 200, `${auth}, again`);
      }
      const strangers = ['alice:builder', 'alice:', ':', 'mallory:builder', 'Alice:wonder:land', '__proto__:builder'];
      for (const auth of strangers) assert.equal(await status(auth), 401, auth);
      assert.equal(await status('alice:wonder:land'), 200);
    });

    await t.test('a header that makes no sense is refused', async () => {
      for (const authorization of ['Basic', 'Basic !!!', 'Bearer YWxpY2U6', 'Basic YWxpY2U=']) {
        const { status: code } = await get(`http://${address}/metrics`, { headers: { authorization } });
        assert.equal(code, 401, authorization);
      }
    });
  });

  test('TLS, with files beside the configuration and headers of its own', { skip }, async (t) => {
    const config = new WebConfigDirectory(t);
    const { cert } = config.makeCertificate('server');
    const yaml = `tls_server_config: {cert_file: server.pem, key_file: server.key}
http_server_config: {headers: {X-Frame-Options: deny}}
`;
    const { address } = await startWebServer(t, [config.configure(yaml)]);
    const { status, headers, body } = await get(`https://${address}/metrics`, { ca: cert });
    assert.equal(status, 200);
    assert.equal(headers['x-frame-options'], 'deny');
    assert.match(body.toString(), /^foreshock_build_info\{/m);
    await assert.rejects(get(`https://${address}/metrics`), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    await assert.rejects(get(`http://${address}/metrics`), 'no plain HTTP');
    await assert.rejects(get(`https://${address}/metrics`, { ca: cert, maxVersion: 'TLSv1.1' }), 'nothing old');
  });

  test('TLS with basic authentication', { skip }, async (t) => {
    const config = new WebConfigDirectory(t);
    const { cert } = config.makeCertificate('server');
    const yaml = `tls_server_config: {cert_file: server.pem, key_file: server.key}
basic_auth_users: {alice: ${hashSync('wonderland', 4)}}
`;
    const { address } = await startWebServer(t, [config.configure(yaml)]);
    assert.equal((await get(`https://${address}/metrics`, { ca: cert })).status, 401);
    assert.equal((await get(`https://${address}/metrics`, { ca: cert, auth: 'alice:wonderland' })).status, 200);
  });

  test('client certificates', { skip }, async (t) => {
    const config = new WebConfigDirectory(t);
    const { cert: ca } = config.makeCertificate('server');
    const client = config.makeCertificate('client');
    const stranger = config.makeCertificate('stranger');
    const yaml = `tls_server_config:
  cert_file: server.pem
  key_file: server.key
  client_auth_type: RequireAndVerifyClientCert
  client_ca_file: client.pem
`;
    const { address } = await startWebServer(t, [config.configure(yaml)]);
    assert.equal((await get(`https://${address}/metrics`, { ca, ...client })).status, 200);
    await assert.rejects(get(`https://${address}/metrics`, { ca }), 'without a certificate');
    await assert.rejects(get(`https://${address}/metrics`, { ca, ...stranger }), 'with one of another authority');
  });
});
