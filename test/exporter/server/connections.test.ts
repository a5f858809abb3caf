import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Connections } from '../../../exporter/server/connections.ts';
import { listen } from '../../../exporter/server/listen.ts';
import { ServerCounts } from '../../../exporter/server/server-metrics.ts';
import { freePort, until } from '../../exporter-process.ts';
import { getting, newGate, startClient, startOwnServer } from './own-server.ts';
import { get } from './web-server.ts';

const MIB = 1024 * 1024;

describe('connections of the web server', { concurrency: true }, () => {
  test('a few pipelined requests are answered in order', async (t) => {
    const { port, counts } = await startOwnServer(t, {});
    const client = startClient(port, getting('/metrics') + getting('/-/healthy') + getting('/nowhere'));
    await until(
      async () => client.received(),
      (text) => text.includes('Cannot GET'),
      30,
    );
    const statuses = [...client.received().matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => status);
    assert.deepEqual(statuses, ['200', '200', '404']);
    assert.match(client.received(), /a_metric 1\n[\s\S]*is healthy/);
    assert.equal(counts.closed.pipelined, 0);
    client.socket.destroy();
  });

  test('a client that pipelines many requests is cut off, others are not', async (t) => {
    let rendered = 0;
    const exposition = async () => {
      rendered += 1;
      return Buffer.alloc(MIB);
    };
    const { port, counts } = await startOwnServer(t, { exposition });
    const kept = startClient(port, getting('/-/healthy'));
    await until(
      async () => kept.received(),
      (text) => text.includes('healthy'),
      30,
    );
    await startClient(port, getting('/metrics').repeat(1800), { deaf: true }).closed;
    assert.equal(counts.closed.pipelined, 1);
    assert.ok(rendered <= 2, String(rendered));
    assert.equal(kept.socket.destroyed, false);
    kept.socket.destroy();
  });

  test('a new connection takes the place of the one that is idle for the longest time', async (t) => {
    const counts = new ServerCounts();
    const port = await freePort();
    const server = await listen(
      (_, response) => response.end('yes'),
      `127.0.0.1:${port}`,
      undefined,
      new Connections(3, counts),
    );
    t.after(() => server.close(0));
    const clients = [];
    for (let count = 0; count < 3; count += 1) {
      const client = startClient(port, getting('/'));
      await until(
        async () => client.received(),
        (text) => text.includes('yes'),
        30,
      );
      clients.push(client);
    }
    const [first, second, third] = clients;
    // The first is now the one that was used last.
    first?.socket.write(getting('/again'));
    await until(
      async () => first?.received() ?? '',
      (text) => text.split('yes').length === 3,
      30,
    );
    assert.equal((await get(`http://127.0.0.1:${port}/`)).status, 200);
    await second?.closed;
    assert.deepEqual([first?.socket.destroyed, third?.socket.destroyed], [false, false]);
    assert.equal(counts.closed.connections, 1);
    for (const { socket } of clients) socket.destroy();
  });

  test('those that do not read make room for the answers of others', async (t) => {
    const { port, counts } = await startOwnServer(t, { exposition: async () => Buffer.alloc(4 * MIB) });
    const deaf = Array.from({ length: 40 }, () => startClient(port, getting('/metrics'), { deaf: true }));
    await until(
      async () => counts.closed.unread,
      (count) => count >= 30,
      30,
    );
    const { status, body } = await get(`http://127.0.0.1:${port}/metrics`);
    assert.deepEqual([status, body.length], [200, 4 * MIB]);
    // A reset: of what its kernel held, which was most of the answer, the server delivers nothing more.
    const [first] = deaf;
    let received = 0;
    first?.socket.on('data', ({ length }) => {
      received += length;
    });
    await first?.closed;
    assert.ok(received < MIB, String(received));
    for (const { socket } of deaf) socket.destroy();
  });

  test('a connection without a request is closed after a while, also one that sends it a byte at a time', async (t) => {
    const { port, counts } = await startOwnServer(t, {});
    const [silent, slow] = [startClient(port, ''), startClient(port, 'GET /')];
    const drip = setInterval(() => slow.socket.write('a'), 500);
    await Promise.all([silent.closed, slow.closed]);
    clearInterval(drip);
    assert.equal(counts.closed.timeout, 2);
  });

  test('a client that does not read is cut off after a while', async (t) => {
    const { port, counts } = await startOwnServer(t, { exposition: async () => Buffer.alloc(8 * MIB) });
    const { socket, closed } = startClient(port, getting('/metrics'), { deaf: true });
    await until(
      async () => counts.closed.timeout,
      (count) => count === 1,
      30,
    );
    socket.resume();
    await closed;
  });

  test('a request with a body is refused, and the body is not read', async (t) => {
    const { port } = await startOwnServer(t, {});
    for (const header of ['Content-Length: 1000', 'Transfer-Encoding: chunked']) {
      const client = startClient(port, getting('/-/healthy', header));
      await client.closed;
      assert.match(client.received(), /^HTTP\/1\.1 413 /, header);
    }
    const { socket, closed } = startClient(port, getting('/nowhere', `Content-Length: ${Number.MAX_SAFE_INTEGER}`));
    const more = () => socket.write(Buffer.alloc(MIB));
    socket.on('drain', more);
    socket.once('connect', more);
    await closed;
    assert.equal((await get(`http://127.0.0.1:${port}/-/healthy`, { headers: { 'Content-Length': '0' } })).status, 200);
  });

  test('at the end, a running answer is given and an idle connection is closed', async (t) => {
    const gate = newGate();
    const server = await startOwnServer(t, { exposition: gate.exposition });
    const idle = startClient(server.port, getting('/-/healthy'));
    const running = startClient(server.port, getting('/metrics'));
    await until(
      async () => idle.received(),
      (text) => text.includes('healthy'),
      30,
    );
    await gate.asked;
    const closed = server.close(60);
    await idle.closed;
    gate.open('the_last 1\n');
    await closed;
    await running.closed;
    assert.match(running.received(), /the_last 1\n$/);
  });
});
