import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { Access } from '../../../../exporter/cluster/api/access.ts';
import { ApiClient } from '../../../../exporter/cluster/api/client.ts';
import { TimeoutError, textOf } from '../../../../exporter/cluster/api/timeout.ts';
import { FakeClock } from '../fake-clock.ts';

const REQUEST = { path: '/api/v1/nodes', query: { limit: '500', continue: 'a b&c' }, gzip: false };

test('a server without TLS, behind a path', async (t) => {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/k8s/clusters/c-1/`);
  const credentials = async () => ({ tls: {}, authorization: 'Bearer t' });
  const client = new ApiClient({ server: url, source: 'the test', credentials }, new FakeClock(0));
  t.after(() => {
    client.close();
    server.close();
  });
  const body = await client.get(REQUEST, new AbortController().signal);
  assert.equal(await textOf(body, client.clock, { timeoutSeconds: 1, maxBytes: 100 }), '{}');
  const [request] = seen;
  assert.equal(request?.method, 'GET');
  assert.equal(request?.url, '/k8s/clusters/c-1/api/v1/nodes?limit=500&continue=a+b%26c');
  assert.equal(request?.headers.authorization, 'Bearer t');
  assert.match(request?.headers['user-agent'] ?? '', /^foreshock\//);
});

test('credentials that do not come are given up', async () => {
  const clock = new FakeClock(0);
  const never: Access['credentials'] = () => new Promise(() => {});
  const client = new ApiClient(
    { server: new URL('http://127.0.0.1:1'), source: 'a hung disk', credentials: never },
    clock,
  );
  const response = client.get(REQUEST, new AbortController().signal);
  clock.advance(35);
  await assert.rejects(response, new TimeoutError('a hung disk: no answer within 35 s'));
});
