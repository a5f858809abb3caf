import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, type TestContext, test } from 'node:test';
import { hashSync } from 'bcryptjs';
import { until } from '../../exporter-process.ts';
import { sampleValue } from '../../exposition-text.ts';
import { HostTree } from '../../failure/host-tree.ts';
import { type Client, getting, startClient } from './own-server.ts';
import { get, startWebServer, WebConfigDirectory, type WebServer } from './web-server.ts';

/** Generous: a process that makes an answer for each request grows tenfold. */
const MAX_GROWTH = 2;

describe('hostile clients of the exporter', () => {
  test('thousands of pipelined requests and hundreds of clients that never read cost no memory', async (t) => {
    const server = await startWebServer(t);
    await warmUp(server);
    const before = residentKilobytes(server);
    const openBefore = sampleValue(await scrape(server), 'process_open_fds') ?? Number.NaN;
    const pipelining = Array.from({ length: 5 }, () => attack(t, server, getting('/metrics').repeat(1800)));
    const silent = Array.from({ length: 300 }, () => attack(t, server, getting('/metrics')));
    await Promise.all(pipelining.map(({ closed }) => closed));
    const text = await scrape(server);
    assert.ok((sampleValue(text, 'foreshock_web_connections_closed_total', { reason: 'pipelined' }) ?? 0) >= 5);
    const growth = residentKilobytes(server) / before;
    assert.ok(growth < MAX_GROWTH, `${growth} times the memory`);
    for (const { socket } of silent) socket.destroy();
    await until(
      async () => sampleValue(await scrape(server), 'process_open_fds') ?? Number.NaN,
      (count) => count < openBefore + 20,
      30,
    );
  });

  test('idle connections leave descriptors to collectors', async (t) => {
    const tree = new HostTree();
    t.after(() => tree.remove());
    const flags = [...tree.flags, '--collector.containers.schedule=* * * * * *'];
    const server = await startWebServer(t, flags, 'ulimit -n 256; exec "$@"');
    await warmUp(server);
    const idle = Array.from({ length: 400 }, () => attack(t, server, ''));
    await Promise.all(idle.slice(0, 300).map(({ closed }) => closed));
    assert.equal((await get(`http://${server.address}/-/healthy`)).status, 200);
    const lastSuccess = (text: string) =>
      sampleValue(text, 'foreshock_collector_last_success_timestamp_seconds', { collector: 'containers' }) ?? 0;
    const first = lastSuccess(await scrape(server));
    const text = await until(
      () => scrape(server),
      (later) => lastSuccess(later) > first,
      30,
    );
    assert.equal(sampleValue(text, 'foreshock_collector_success', { collector: 'containers' }), 1);
    // Connections take 96; each thread that a busy machine needs more takes a dozen.
    assert.ok((sampleValue(text, 'process_open_fds') ?? 0) < 256 - 64);
    assert.doesNotMatch(server.log(), /EMFILE/);
  });

  test('wrong passwords do not hold up a right one', async (t) => {
    const config = new WebConfigDirectory(t);
    const server = await startWebServer(t, [config.configure(`basic_auth_users: {alice: ${hashSync('right', 8)}}\n`)]);
    const auth = 'alice:right';
    await until(
      () => get(`http://${server.address}/metrics`, { auth }),
      ({ status }) => status === 200,
      30,
    );
    const guess = (index: number) =>
      getting('/metrics', `Authorization: Basic ${Buffer.from(`alice:guess ${index}`).toString('base64')}`);
    const guesses = Array.from({ length: 100 }, (_, index) => attack(t, server, guess(index), false));
    const { status, body } = await get(`http://${server.address}/metrics`, { auth });
    assert.equal(status, 200);
    assert.ok(guesses.filter(({ received }) => received().includes(' 401 ')).length < 100, 'most are not compared yet');
    await until(async () => guesses.every(({ received }) => /^HTTP\/1\.1 (401|503) /.test(received())), Boolean, 60);
    const refused = sampleValue(
      (await get(`http://${server.address}/metrics`, { auth })).body.toString(),
      'foreshock_web_requests_refused_total',
      { reason: 'passwords' },
    );
    assert.ok((refused ?? 0) > 0);
    assert.match(body.toString(), /^foreshock_web_requests_refused_total\{reason="passwords"\} \d+$/m);
  });
});

/** A client until the test is over. */
function attack(t: TestContext, { address }: WebServer, text: string, deaf = true): Client {
  const client = startClient(Number(new URL(`http://${address}`).port), text, { deaf });
  t.after(() => client.socket.destroy());
  return client;
}

async function scrape({ address }: WebServer): Promise<string> {
  return (await get(`http://${address}/metrics`)).body.toString();
}

/** Until it is ready and its heap is as large as scrapes make it. */
async function warmUp(server: WebServer): Promise<void> {
  await until(
    () => get(`http://${server.address}/-/ready`),
    ({ status }) => status === 200,
    60,
  );
  for (let count = 0; count < 50; count += 1) await scrape(server);
}

function residentKilobytes({ process: { pid } }: WebServer): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}
