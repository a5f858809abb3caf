import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { constants, existsSync, mkdirSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { until } from '../../exporter-process.ts';
import { parseExposition, sampleValue } from '../../exposition-text.ts';
import { HostTree } from '../../failure/host-tree.ts';
import { get, startWebServer } from './web-server.ts';

const TEXT = 'text/plain; version=0.0.4; charset=utf-8';
const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** What a request asks for, and what it gets. */
const ACCEPT: [who: string, accept: string | undefined, contentType: string][] = [
  ['a client that accepts anything', '*/*', TEXT],
  ['a client that says nothing', undefined, TEXT],
  ['a browser', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', TEXT],
  ['a client of the text format', 'text/plain;version=0.0.4', TEXT],
  ['a client of OpenMetrics', 'application/openmetrics-text', OPEN_METRICS],
  ['a client that likes text better', 'application/openmetrics-text;q=0.5,text/plain', TEXT],
  [
    'Prometheus 2',
    'application/openmetrics-text;version=1.0.0;q=0.75,application/openmetrics-text;version=0.0.1;q=0.65,' +
      'text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
    OPEN_METRICS,
  ],
  [
    'Prometheus 3',
    'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,' +
      'application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,' +
      'text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
    OPEN_METRICS,
  ],
];

test('what the web server shows', async (t) => {
  const { address } = await startWebServer(t);
  const url = `http://${address}`;
  const status = async (path: string) => (await get(url + path)).status;
  await until(
    () => status('/-/ready'),
    (code) => code === 200,
    30,
  );

  await t.test('a page that leads to the others', async () => {
    const { headers, body } = await get(`${url}/`);
    assert.equal(headers['content-type'], 'text/html; charset=utf-8');
    assert.equal(headers['x-powered-by'], undefined);
    const paths = [...body.toString().matchAll(/href="([^"]+)"/g)].map((match) => match[1] ?? '');
    assert.deepEqual(paths, ['/metrics', '/-/healthy', '/-/ready']);
    for (const path of paths) assert.equal(await status(path), 200, path);
    assert.equal(await status('/metric'), 404);
  });

  for (const [who, accept, contentType] of ACCEPT) {
    await t.test(`the format for ${who}`, async () => {
      const { headers, body } = await get(`${url}/metrics`, { headers: accept === undefined ? {} : { accept } });
      assert.equal(headers['content-type'], contentType);
      assertFormat(body.toString(), contentType);
    });
  }

  await t.test('compression, for those who ask, of both formats', async () => {
    for (const accept of ['text/plain', 'application/openmetrics-text']) {
      const plain = await get(`${url}/metrics`, { headers: { accept } });
      assert.equal(plain.headers['content-encoding'], undefined);
      const packed = await get(`${url}/metrics`, { headers: { accept, 'accept-encoding': 'gzip' } });
      assert.equal(packed.headers['content-encoding'], 'gzip', accept);
      assertFormat(gunzipSync(packed.body).toString(), packed.headers['content-type'] ?? '');
    }
  });
});

test('another path for the metrics', async (t) => {
  const { address } = await startWebServer(t, ['--web.telemetry-path=/probe/metrics']);
  assert.equal((await get(`http://${address}/probe/metrics`)).status, 200);
  assert.equal((await get(`http://${address}/metrics`)).status, 404);
  assert.match((await get(`http://${address}/`)).body.toString(), /href="\/probe\/metrics"/);
});

test('ready means that containers have names, healthy that it answers', async (t) => {
  const { tree, release } = hostWhoseContainersHang(t);
  const { address } = await startWebServer(t, tree.flags);
  assert.equal((await get(`http://${address}/-/healthy`)).status, 200);
  const { status, body } = await get(`http://${address}/-/ready`);
  assert.deepEqual([status, body.toString()], [503, 'Foreshock is not ready: starting.\n']);
  await release();
  await until(
    async () => (await get(`http://${address}/-/ready`)).status,
    (code) => code === 200,
    30,
  );
});

/** The exposition is whole: samples of the first collector and of the exporter itself, and the right end. */
function assertFormat(text: string, contentType: string): void {
  assert.equal(sampleValue(text, 'foreshock_build_info'), 1);
  assert.ok(parseExposition(text).some(({ name }) => name === 'foreshock_container_info'));
  const ends = [...text.matchAll(/^# EOF$/gm)].length;
  assert.deepEqual([ends, text.endsWith('\n# EOF\n')], contentType === OPEN_METRICS ? [1, true] : [0, false]);
}

/** A host whose mount table is a FIFO, which holds up the inventory until it is released. */
function hostWhoseContainersHang(t: TestContext): { tree: HostTree; release: () => Promise<void> } {
  const tree = new HostTree();
  const gate = tree.local('/proc/1/mountinfo');
  mkdirSync(dirname(gate), { recursive: true });
  rmSync(gate, { force: true });
  spawnSync('mkfifo', [gate]);
  t.after(async () => {
    if (existsSync(gate)) await (await open(gate, constants.O_RDWR)).close();
    tree.remove();
  });
  const release = async () => {
    const writer = await until(() => openToWrite(gate), Boolean, 30);
    rmSync(gate);
    await writer?.close();
  };
  return { tree, release };
}

/** Undefined while nobody reads the FIFO. */
function openToWrite(fifo: string): Promise<FileHandle | undefined> {
  return open(fifo, constants.O_WRONLY | constants.O_NONBLOCK).catch(() => undefined);
}
