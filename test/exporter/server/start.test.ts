import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { Format } from '../../../exporter/exposition/exposition.ts';
import { until } from '../../exporter-process.ts';
import { getting, newGate, startClient, startOwnServer } from './own-server.ts';
import { get } from './web-server.ts';

describe('the web server', { concurrency: true }, () => {
  test('renders each format once for all who ask within a moment', async (t) => {
    const rendered: Format[] = [];
    const gate = newGate();
    const exposition = (format: Format) => {
      rendered.push(format);
      return gate.exposition();
    };
    const { port } = await startOwnServer(t, { exposition });
    const kinds = ['text/plain', 'application/openmetrics-text'].flatMap((accept) =>
      ['gzip', 'identity'].map((encoding) => ({ accept, 'accept-encoding': encoding })),
    );
    const answers = [...kinds, ...kinds, ...kinds].map((headers) =>
      get(`http://127.0.0.1:${port}/metrics`, { headers }),
    );
    await until(
      async () => rendered.length,
      (count) => count === 2,
      30,
    );
    gate.open('a_metric 1\n');
    for (const { status, headers, body } of await Promise.all(answers)) {
      const text = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
      assert.deepEqual([status, text.toString(), headers.vary], [200, 'a_metric 1\n', 'Accept-Encoding']);
    }
    assert.deepEqual(rendered.sort(), ['openMetrics', 'text']);
  });

  test('refuses scrapes beyond --web.max-requests, and is healthy meanwhile', async (t) => {
    const gate = newGate();
    const server = await startOwnServer(t, { exposition: gate.exposition }, ['--web.max-requests=2']);
    const url = `http://127.0.0.1:${server.port}`;
    const waiting = [get(`${url}/metrics`), get(`${url}/metrics`)];
    const refused = await until(
      async () => refusedOnce(url),
      (answer) => answer !== undefined,
      30,
    );
    assert.equal(refused?.headers['retry-after'], '1');
    assert.ok(server.counts.refused.requests >= 1);
    assert.equal((await get(`${url}/-/healthy`)).status, 200);
    assert.equal((await get(`${url}/-/ready`)).status, 200);
    gate.open('a_metric 1\n');
    for (const { status } of await Promise.all(waiting)) assert.equal(status, 200);
    assert.equal((await get(`${url}/metrics`)).status, 200);
  });

  test('lets any number of scrapes wait with --web.max-requests=0', async (t) => {
    const gate = newGate();
    const { port } = await startOwnServer(t, { exposition: gate.exposition }, ['--web.max-requests=0']);
    const clients = Array.from({ length: 60 }, () => startClient(port, getting('/metrics', 'Connection: close')));
    await until(
      () => get(`http://127.0.0.1:${port}/-/healthy`),
      ({ status }) => status === 200,
      30,
    );
    gate.open('a_metric 1\n');
    for (const { closed, received } of clients) {
      await closed;
      assert.match(received(), /^HTTP\/1.1 200 OK[\s\S]*a_metric 1\n$/);
    }
  });

  test('a scrape that fails is an error, the next one is tried', async (t) => {
    let count = 0;
    const exposition = async () => {
      count += 1;
      if (count === 1) throw new Error('secret');
      return Buffer.from('a_metric 1\n');
    };
    const { port } = await startOwnServer(t, { exposition }, ['--web.max-requests=1']);
    const { status, body } = await get(`http://127.0.0.1:${port}/metrics`);
    assert.equal(status, 500);
    assert.doesNotMatch(body.toString(), /secret/);
    assert.equal((await get(`http://127.0.0.1:${port}/metrics`)).status, 200);
  });
});

/** Scrapes; undefined if it has to wait for its answer. */
async function refusedOnce(url: string): Promise<Awaited<ReturnType<typeof get>> | undefined> {
  const answer = await get(`${url}/metrics`, { signal: AbortSignal.timeout(1000) }).catch(() => undefined);
  return answer?.status === 503 ? answer : undefined;
}
