import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Access } from '../../../../exporter/cluster/api/access.ts';
import { cutOff, type Fault, hangUp, refusal, silence, stall, text } from '../api-server/faults.ts';
import { StoredContents } from '../api-server/resource-store.ts';
import { eventually } from '../eventually.ts';
import { Recorder } from '../recorder.ts';
import { TestCluster } from '../test-cluster.ts';

const node = (name: string) => ({ metadata: { name, uid: `uid-of-${name}` } });

/** A cluster whose first lists of nodes meet these faults. */
async function listing(t: TestContext, ...faults: Fault[]) {
  const cluster = await TestCluster.start(t);
  cluster.server.load('nodes', new StoredContents([node('a')]), 100);
  cluster.server.fail('nodes', 'list', ...faults);
  const recorder = new Recorder('nodes');
  cluster.follow(['nodes'], new Map([['recorder', recorder]]));
  return { cluster, recorder };
}

/** Faults with the error that is shown when they last. */
const FAULTS: [what: string, fault: Fault, error: RegExp][] = [
  [
    'no such credentials',
    refusal(401, 'Unauthorized', 'Unauthorized'),
    /^the API server rejects the credentials of the test: expired, or of another cluster \(401: Unauthorized\)$/,
  ],
  [
    'no permission',
    refusal(403, 'Forbidden', 'nodes is forbidden: User "u" cannot list resource "nodes"'),
    /^not allowed to list nodes in the core API group: the ClusterRole needs get, list, watch on nodes \(403: nodes is forbidden: .*\)$/,
  ],
  [
    'an internal error',
    refusal(500, 'InternalError', 'etcd is away'),
    /^cannot list nodes in the core API group \(500: etcd is away\)$/,
  ],
  [
    'an error of a proxy, which is no Status',
    text(502, '<html>\n<h1>Bad Gateway</h1>\n'),
    /\(502: <html> <h1>Bad Gateway<\/h1>\)$/,
  ],
  ['a long error', text(500, 'x'.repeat(1e6)), /\(500: x{400}…\)$/],
  ['an empty error', text(503, ''), /\(503: Service Unavailable\)$/],
  ['a redirect', text(302, 'elsewhere'), /\(302: elsewhere\)$/],
  ['an answer that is not JSON', text(200, '<html>'), /Unexpected token/],
  ['an answer that is no list', text(200, '{"kind":"Status","items":{}}'), /^not a list of API objects: \{"kind"/],
  ['an empty answer', text(200, ''), /empty/],
  [
    'an answer that is not compressed as it says',
    (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('{"items":[]}'),
    /incorrect header check/,
  ],
  ['an answer that is cut off', cutOff, /aborted/],
  ['a connection closed without an answer', hangUp, /hang up|ECONNRESET/],
];

for (const [what, fault, error] of FAULTS) {
  test(`a list meets ${what}: shown and logged once while it lasts, then listed`, async (t) => {
    const { cluster, recorder } = await listing(t, fault, fault, fault);
    for (const delay of [0.25, 0.5]) {
      await cluster.phase('nodes', 'waiting');
      cluster.clock.advance(delay);
      await cluster.phase('nodes', 'listing');
    }
    await cluster.phase('nodes', 'waiting');
    assert.match(cluster.reflector('nodes').status.error ?? '', error);
    assert.equal(cluster.reflector('nodes').status.synced, false);
    assert.deepEqual(recorder.told, []);
    cluster.clock.advance(1);
    await cluster.caughtUp('nodes');
    assert.deepEqual(recorder.told, ['listed a']);
    const { error: last, synced, timeouts } = cluster.reflector('nodes').status;
    assert.deepEqual([last, synced, timeouts], [undefined, true, 0]);
    assert.deepEqual(
      cluster.logged.map(({ msg }) => msg),
      ['list or watch failed, retrying', 'list or watch failed; the last values are kept', 'recovered'],
    );
  });
}

test('401: credentials that are kept somewhere are given up, and the next attempt brings new ones', async (t) => {
  const cluster = await TestCluster.start(t);
  let authorization = 'Bearer expired';
  const access: Access = {
    ...cluster.access,
    credentials: async () => ({ ...(await cluster.access.credentials()), authorization }),
    invalidate: () => {
      authorization = 'Bearer new';
    },
  };
  cluster.server.accepted.add('Bearer new');
  cluster.follow(['nodes'], new Map(), cluster.client(access));
  await cluster.phase('nodes', 'waiting');
  cluster.clock.advance(0.25);
  await cluster.caughtUp('nodes');
  assert.equal(cluster.server.asked.at(-1)?.headers.authorization, 'Bearer new');
});

test('a certificate of another authority: named with what should have told it', async (t) => {
  const cluster = await TestCluster.start(t);
  const credentials = async () => ({ tls: {} });
  cluster.follow(['nodes'], new Map(), cluster.client({ ...cluster.access, credentials }));
  for (const delay of [0.25, 0.5]) {
    await cluster.phase('nodes', 'waiting');
    cluster.clock.advance(delay);
  }
  const { error } = await eventually(
    () => cluster.reflector('nodes').status,
    (status) => status.error !== undefined,
  );
  assert.match(error ?? '', /^the certificate of https:\/\/127\.0\.0\.1:\d+ is not from the authority in the test/);
});

/** Limits of the client that a server can run into. */
const LIMITS: [what: string, fault: Fault, seconds: number, error: RegExp][] = [
  ['no answer', silence, 30, /^no response from https:\/\/127\.0\.0\.1:\d+ within 30 s$/],
  ['an answer that does not end', stall, 120, /did not end within 120 s$/],
];

for (const [what, fault, seconds, error] of LIMITS) {
  test(`${what}: given up after ${seconds} s`, async (t) => {
    const { cluster } = await listing(t, fault, fault);
    for (const attempt of [1, 2]) {
      await eventually(() => cluster.server.asked.length === attempt);
      await eventually(() => cluster.clock.next === cluster.clock.now() + seconds);
      cluster.clock.advance(seconds);
      await cluster.phase('nodes', 'waiting');
      assert.equal(cluster.reflector('nodes').status.timeouts, attempt);
      if (attempt === 1) cluster.clock.advance(0.25);
    }
    assert.match(cluster.reflector('nodes').status.error ?? '', error);
    cluster.clock.advance(0.5);
    await cluster.caughtUp('nodes');
  });
}

test('429 and 503 with Retry-After: left alone for so long, though not for ever', async (t) => {
  const { cluster } = await listing(
    t,
    refusal(429, 'TooManyRequests', 'too many requests', { 'retry-after': '7' }),
    refusal(503, 'ServiceUnavailable', 'apiserver is shutting down', { 'retry-after': '86400' }),
    refusal(429, 'TooManyRequests', 'too many requests', { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }),
  );
  for (const delay of [7.25, 120.5, 1]) {
    await cluster.phase('nodes', 'waiting');
    assert.match(cluster.reflector('nodes').status.error ?? '', /\((429|503): /);
    assert.equal(cluster.clock.next, cluster.clock.now() + delay);
    cluster.clock.advance(delay);
    await eventually(() => cluster.reflector('nodes').status.phase !== 'waiting');
  }
  await cluster.caughtUp('nodes');
});

test('a list that repeats its continue token fails, once in the log, until the server answers as it should', async (t) => {
  const endless: Fault = (response) =>
    void response.end(JSON.stringify({ metadata: { resourceVersion: '7', continue: 'more' }, items: [node('b')] }));
  const { cluster, recorder } = await listing(t, endless, endless, endless, endless, endless, endless);
  for (const delay of [0.25, 0.5, 1]) {
    await cluster.phase('nodes', 'waiting');
    cluster.clock.advance(delay);
    await eventually(() => cluster.reflector('nodes').status.phase !== 'waiting');
  }
  await cluster.caughtUp('nodes');
  assert.deepEqual(recorder.told.slice(-2), ['listed a', 'deleted b']);
  assert.deepEqual(
    cluster.logged.map(({ msg }) => msg),
    ['list or watch failed, retrying', 'list or watch failed; the last values are kept', 'recovered'],
  );
  assert.match(String(cluster.logged[1]?.error), /same continue token twice/);
});
