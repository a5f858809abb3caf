import assert from 'node:assert/strict';
import { createServer as createHttp2Server } from 'node:http2';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { grpcStatus } from '../../../../exporter/node/probes/grpc-status.ts';
import { timed } from '../../../../exporter/node/probes/timed.ts';
import { cuttingServer, grpcServer, httpServer, listen, silentServer } from '../../../servers.ts';
import { temporaryDirectory } from '../host/temporary-host.ts';

/** Long enough for every server here that answers. */
const LONG = 30;
const SHORT = 0.2;

describe('the status of a gRPC call', () => {
  const status = (socket: string, limit = LONG) => timed(limit, (signal) => grpcStatus(socket, '/a.B/C', signal));
  const at = async (t: TestContext, ...[server]: [Parameters<typeof listen>[1]]) =>
    listen(t, server, join(temporaryDirectory(t), 'socket'));

  test('comes in trailers, or in headers', async (t) => {
    assert.equal((await status(await at(t, grpcServer(0)))).answer, 0);
    assert.equal((await status(await at(t, grpcServer(12)))).answer, 12);
    assert.equal((await status(await at(t, grpcServer(12, 'headers')))).answer, 12);
  });

  test('is asked for with an empty message', async (t) => {
    const asked: unknown[] = [];
    const server = createHttp2Server().on('stream', async (stream, headers) => {
      const message = Buffer.concat(await stream.toArray());
      asked.push([headers[':method'], headers[':path'], headers['content-type'], headers.te, message.toString('hex')]);
      stream.respond({ 'grpc-status': '0' }, { endStream: true });
    });
    await status(await at(t, server));
    assert.deepEqual(asked, [['POST', '/a.B/C', 'application/grpc', 'trailers', '0000000000']]);
  });

  test('does not come from a server that is silent, at once or after it has taken the call', async (t) => {
    assert.equal((await status(await at(t, silentServer()), SHORT)).answer, undefined);
    const mute = createHttp2Server().on('stream', (stream) => stream.on('error', () => {}));
    assert.equal((await status(await at(t, mute), SHORT)).answer, undefined);
  });

  test('does not come from what is no gRPC server', async (t) => {
    const http2 = createHttp2Server((_, response) => response.end('OK'));
    await assert.rejects(status(await at(t, http2)), /does not speak gRPC/);
    await assert.rejects(status(await at(t, httpServer(200))), /Protocol error/);
  });

  test('does not come from a connection that is cut', async (t) => {
    await assert.rejects(status(await at(t, cuttingServer())), { code: 'ECONNRESET' });
  });

  test('does not come from a socket that is gone, or that nobody listens on', async (t) => {
    const directory = temporaryDirectory(t);
    await assert.rejects(status(join(directory, 'none')), { code: 'ENOENT' });
    await assert.rejects(status(directory), { code: 'ECONNREFUSED' });
  });
});
