import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type TestContext, test } from 'node:test';
import { CONTENT_TYPES, type Format, families, join, print } from '../../exporter/exposition/exposition.ts';
import { gauge, sample } from '../../exporter/exposition/metric.ts';
import { until } from '../exporter-process.ts';
import { missing } from '../programs.ts';
import { startPrometheus } from './prometheus-server.ts';

const metric = gauge('foreshock_test_bytes', 'Bytes of a directory with a strange name.', ['directory']);

/** Control characters, separators, quotes, escapes, text in the form of the format, half a pair, not characters. */
const NAMES = [
  ...Array.from({ length: 0x20 }, (_, code) => String.fromCharCode(code)),
  ...['\x7f', '\x85', '\u2028', '\u2029', '\ufeff', '\ufffe', '\u{10ffff}', '\ud800', '"', '\\', '\\n', '\n\\', '"}'],
  '\r# HELP foreshock_images x',
  '\n# EOF\n',
  '"} 1\nforeshock_test_bytes{directory="/forged"} 2 # ',
].map((name, index) => `/${index}${name}/`);

const BLOCKS = (format: Format) => {
  const samples = NAMES.map((directory) => sample(metric, 1, { directory }));
  return print(families([metric], samples), format);
};

for (const format of ['text', 'openMetrics'] as const) {
  test(`Prometheus reads each label value as it is: ${format}`, { skip: missing(['prometheus']) }, async (t) => {
    const prometheus = await startPrometheus(t, await serve(t, format));
    await until(
      () => prometheus.value('up'),
      (up) => up === 1,
      30,
    );
    const stored = await prometheus.api<{ directory: string }[]>('series?match[]=foreshock_test_bytes');
    const expected = NAMES.map((name) => String(Buffer.from(name)));
    assert.deepEqual(stored.map(({ directory }) => directory).sort(), expected.sort());
  });
}

test('promtool has nothing to say against strange label values', { skip: missing(['promtool']) }, () => {
  const check = spawnSync('promtool', ['check', 'metrics'], { input: join(BLOCKS('text'), 'text'), encoding: 'utf8' });
  assert.deepEqual({ status: check.status, said: check.stdout + check.stderr }, { status: 0, said: '' });
});

async function serve(t: TestContext, format: Format): Promise<URL> {
  const server = createServer((_request, response) => {
    response.setHeader('Content-Type', CONTENT_TYPES[format]);
    response.end(join(BLOCKS(format), format));
  }).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return new URL(`http://127.0.0.1:${address.port}`);
}
