import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { describe, test } from 'node:test';
import { httpStatus } from '../../../../exporter/node/probes/http-status.ts';
import { timed } from '../../../../exporter/node/probes/timed.ts';
import { cuttingServer, httpServer, listen, silentServer } from '../../../servers.ts';

/** Long enough for every server here that answers. */
const LONG = 30;
const SHORT = 0.2;

const HALF_ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf';

describe('the status of a GET', () => {
  const status = (address: string, limit = LONG) => {
    const [hostname, port] = address.split(':');
    return timed(limit, (signal) => httpStatus({ hostname, port, path: '/metrics' }, signal));
  };

  for (const expected of [200, 204, 302, 404, 500]) {
    test(`${expected}`, async (t) => {
      assert.equal((await status(await listen(t, httpServer(expected)))).answer, expected);
    });
  }

  test('comes after a body of many megabytes', async (t) => {
    const body = 'x'.repeat(2 ** 24);
    assert.equal((await status(await listen(t, httpServer(200, body)))).answer, 200);
  });

  test('asks for what it is told to', async (t) => {
    const asked: unknown[] = [];
    const server = createServer(({ method, url, headers }, response) => {
      asked.push([method, url, headers.authorization, headers.connection]);
      response.end();
    });
    const [hostname, port] = (await listen(t, server)).split(':');
    const headers = { authorization: 'Bearer x' };
    await timed(LONG, (signal) => httpStatus({ hostname, port, path: '/a?b=c', headers }, signal));
    assert.deepEqual(asked, [['GET', '/a?b=c', 'Bearer x', 'close']]);
  });

  test('does not come from a server that is silent, at once or within its answer', async (t) => {
    assert.equal((await status(await listen(t, silentServer()), SHORT)).answer, undefined);
    assert.equal((await status(await listen(t, silentServer(HALF_ANSWER)), SHORT)).answer, undefined);
  });

  test('does not come from a connection that is cut, at once or within the answer', async (t) => {
    await assert.rejects(status(await listen(t, cuttingServer())), { code: 'ECONNRESET' });
    await assert.rejects(status(await listen(t, cuttingServer(HALF_ANSWER))), { code: 'ECONNRESET' });
  });

  test('does not come from what is no HTTP server', async (t) => {
    await assert.rejects(status(await listen(t, silentServer('SSH-2.0-OpenSSH_9.2\r\n'))), /Parse Error/);
  });
});
