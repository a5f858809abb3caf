import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Distribution } from '../../../../exporter/exposition/metric.ts';
import { kubeletEndpoints, probe } from '../../../../exporter/node/collectors/kubelet-endpoints.ts';
import { freePort } from '../../../exporter-process.ts';
import { missing } from '../../../programs.ts';
import { cuttingServer, httpServer, listen, silentServer } from '../../../servers.ts';
import { WebConfigDirectory } from '../../server/web-server.ts';
import { processEntries } from '../host/process-entries.ts';
import { temporaryDirectory, temporaryHost } from '../host/temporary-host.ts';
import { type Run, runCollector } from '../run-collector.ts';

const KUBELET = processEntries(70, 'kubelet', { cgroup: '/kubelet.service' });
const HEALTHZ = '/healthz';
const CADVISOR = '/metrics/cadvisor';

/** How many answers were observed, by endpoint. */
function observed({ values }: Run): Record<string, number> {
  const entries = Object.entries(values).map(([key, value]) => {
    const endpoint = /^kubelet_endpoint_duration_seconds\{endpoint="(.*)"\}$/.exec(key)?.[1] ?? key;
    return [endpoint, (value as Distribution).counts.reduce((sum, count) => sum + count, 0)] as const;
  });
  return Object.fromEntries(entries);
}

const kubeletHost = (t: TestContext) => temporaryHost(t, KUBELET).host;
const url = async (t: TestContext, server: Parameters<typeof listen>[1], path: string) =>
  `http://${await listen(t, server)}${path}`;

test('a kubelet is asked for its health at each run', async (t) => {
  const host = kubeletHost(t);
  const options = { 'healthz-url': await url(t, httpServer(200), HEALTHZ) };
  const first = await runCollector(kubeletEndpoints, host, { options, now: () => 1000 });
  assert.deepEqual(observed(first), { [HEALTHZ]: 1 });
  const second = await runCollector(kubeletEndpoints, host, { options, now: () => 1015, previous: first.state });
  assert.deepEqual(observed(second), { [HEALTHZ]: 2 });
  assert.deepEqual([second.faults, second.absent], [[], []]);
});

test('a kubelet that says that it is not healthy has answered', async (t) => {
  const options = { 'healthz-url': await url(t, httpServer(500), HEALTHZ) };
  const run = await runCollector(kubeletEndpoints, kubeletHost(t), { options });
  assert.deepEqual([observed(run), run.faults], [{ [HEALTHZ]: 1 }, []]);
});

test('a host without kubelet is asked nothing', async (t) => {
  const { host } = temporaryHost(t, {});
  const run = await runCollector(kubeletEndpoints, host, { options: { 'healthz-url': 'http://127.0.0.1:1/healthz' } });
  assert.deepEqual([run.values, run.faults, run.absent], [{}, [], ['a kubelet']]);
});

test('/metrics/cadvisor is asked once a minute, of the runs that begin about then', async (t) => {
  const host = kubeletHost(t);
  const options = { 'healthz-url': '', 'cadvisor-url': await url(t, httpServer(200), CADVISOR) };
  let previous: unknown;
  const counts: number[] = [];
  for (const now of [1000.02, 1015, 1030, 1045.1, 1060, 1075, 1120]) {
    const run = await runCollector(kubeletEndpoints, host, { options, now: () => now, previous });
    previous = run.state;
    counts.push(observed(run)[CADVISOR] ?? 0);
  }
  assert.deepEqual(counts, [1, 1, 1, 1, 2, 2, 3]);
});

test('both are asked side by side', async (t) => {
  const together = rendezvous(2);
  const server = () => createServer((_, response) => void together().then(() => response.end()));
  const options = {
    'healthz-url': await url(t, server(), HEALTHZ),
    'cadvisor-url': await url(t, server(), CADVISOR),
  };
  const run = await runCollector(kubeletEndpoints, kubeletHost(t), { options });
  assert.deepEqual(observed(run), { [HEALTHZ]: 1, [CADVISOR]: 1 });
});

test('nobody at the port is a fault that says what to look at, and no observation', async (t) => {
  const options = { 'healthz-url': `http://127.0.0.1:${await freePort()}/healthz` };
  const run = await runCollector(kubeletEndpoints, kubeletHost(t), { options });
  assert.deepEqual(run.values, {});
  assert.match(run.faults[0] ?? '', /^http:\/\/127.*ECONNREFUSED.*host's network.*healthzPort/);
});

test('what refuses, leads elsewhere or breaks off is a fault, and no observation', async (t) => {
  const half = cuttingServer('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf');
  const servers = [
    [httpServer(401), /status 401.*nodes\/metrics/],
    [httpServer(403), /status 403/],
    [httpServer(404), /status 404/],
    [httpServer(301), /status 301/],
    [half, /aborted/],
  ] as const;
  for (const [server, message] of servers) {
    const options = { 'healthz-url': '', 'cadvisor-url': await url(t, server, CADVISOR) };
    const run = await runCollector(kubeletEndpoints, kubeletHost(t), { options });
    assert.deepEqual(run.values, {});
    assert.match(run.faults[0] ?? '', message);
  }
});

test('what is wrong with /metrics/cadvisor is so until it is asked again', async (t) => {
  const host = kubeletHost(t);
  const [broken, good] = [await url(t, httpServer(401), CADVISOR), await url(t, httpServer(200), CADVISOR)];
  const faultsAfter = async (seconds: number, cadvisorUrl: string) => {
    const first = await runCollector(kubeletEndpoints, host, {
      options: { 'healthz-url': '', 'cadvisor-url': broken },
      now: () => 1000,
    });
    const options = { 'healthz-url': '', 'cadvisor-url': cadvisorUrl };
    const { faults } = await runCollector(kubeletEndpoints, host, {
      options,
      now: () => 1000 + seconds,
      previous: first.state,
    });
    return faults.length;
  };
  assert.equal(await faultsAfter(15, good), 1);
  assert.equal(await faultsAfter(60, broken), 1);
  assert.equal(await faultsAfter(60, good), 0);
});

test('an answer that does not come is observed with the time it was waited for', async (t) => {
  for (const first of ['', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf']) {
    const [hostname, port] = (await listen(t, silentServer(first))).split(':');
    assert.ok((await probe({ hostname, port }, 0.2)) > 0);
  }
});

const needsOpenssl = { skip: missing(['openssl']) };

test('a token is read at each question, and sent over TLS alone', needsOpenssl, async (t) => {
  const tokenFile = join(temporaryDirectory(t), 'token');
  const sent: (string | undefined)[] = [];
  const note: RequestListener = ({ headers }, response) => {
    sent.push(headers.authorization);
    response.end();
  };
  const secure = await listen(t, createTlsServer(new WebConfigDirectory(t).makeCertificate('kubelet'), note));
  const plain = await listen(t, createServer(note));
  const ask = async (cadvisor: string) => {
    const options = { 'healthz-url': '', 'cadvisor-url': cadvisor, 'token-file': tokenFile };
    return runCollector(kubeletEndpoints, kubeletHost(t), { options });
  };
  for (const token of ['one', 'two\n']) {
    writeFileSync(tokenFile, token);
    assert.deepEqual(observed(await ask(`https://${secure}${CADVISOR}`)), { [CADVISOR]: 1 });
  }
  assert.deepEqual(observed(await ask(`http://${plain}${CADVISOR}`)), { [CADVISOR]: 1 });
  assert.deepEqual(sent, ['Bearer one', 'Bearer two', undefined]);
});

test('a token file that is not there is a fault', async (t) => {
  const options = { 'healthz-url': '', 'cadvisor-url': 'https://127.0.0.1:1/x', 'token-file': '/nowhere/token' };
  const run = await runCollector(kubeletEndpoints, kubeletHost(t), { options });
  assert.deepEqual(run.values, {});
  assert.match(run.faults[0] ?? '', /ENOENT.*\/nowhere\/token/);
});

test("the kubelet's certificate is checked when its authority is given", needsOpenssl, async (t) => {
  const directory = new WebConfigDirectory(t);
  const certificate = directory.makeCertificate('kubelet');
  const address = await listen(
    t,
    createTlsServer(certificate, (_, response) => void response.end()),
  );
  const caFile = join(temporaryDirectory(t), 'ca');
  const ask = (options: Record<string, string>) => {
    const urls = { 'healthz-url': '', 'cadvisor-url': `https://${address}${CADVISOR}` };
    return runCollector(kubeletEndpoints, kubeletHost(t), { options: { ...urls, ...options } });
  };
  assert.deepEqual(observed(await ask({})), { [CADVISOR]: 1 });
  writeFileSync(caFile, certificate.cert);
  assert.deepEqual(observed(await ask({ 'ca-file': caFile })), { [CADVISOR]: 1 });
  writeFileSync(caFile, directory.makeCertificate('other').cert);
  const mistaken = await ask({ 'ca-file': caFile });
  assert.deepEqual(mistaken.values, {});
  assert.match(mistaken.faults[0] ?? '', /self-signed certificate|unable to verify|signature failure/);
});

test('URLs are of http or https, without user and password', () => {
  const check = kubeletEndpoints.options['cadvisor-url']?.check;
  for (const good of ['', 'http://127.0.0.1:10255/metrics/cadvisor', 'HTTPS://[::1]:10250/metrics/cadvisor']) {
    assert.equal(check?.(good), undefined, good);
  }
  for (const bad of ['127.0.0.1:10255', '/metrics', 'unix:///run/x', 'https://user:pass@127.0.0.1/']) {
    assert.match(check?.(bad) ?? '', /must be/, bad);
  }
});

/** Resolves for all once so many have come. */
function rendezvous(count: number): () => Promise<void> {
  let release = () => {};
  let waiting = 0;
  const all = new Promise<void>((resolve) => {
    release = resolve;
  });
  return () => {
    waiting += 1;
    if (waiting === count) release();
    return all;
  };
}
