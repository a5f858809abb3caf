import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { type TestContext, test } from 'node:test';
import { type ExporterProcess, startExporter, until } from '../exporter-process.ts';
import { parseExposition, sampleValue } from '../exposition-text.ts';
import { missing } from '../programs.ts';
import { type PrometheusServer, startPrometheus } from './prometheus-server.ts';

const SOON = 30;

/** What Prometheus 2.42 sends when it asks for metrics. */
const ACCEPT =
  'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,' +
  'text/plain;version=0.0.4;q=0.5,*/*;q=0.1';

test('Prometheus scrapes this host', { skip: missing(['prometheus']) }, async (t) => {
  const exporter = await startCollected(t);
  const prometheus = await startPrometheus(t, new URL(exporter.url));

  await t.test('the target is up', async () => {
    await until(() => prometheus.value('up'), isOne, SOON);
    const { activeTargets } = await prometheus.api<{ activeTargets: Record<string, unknown>[] }>('targets');
    const states = activeTargets.map(({ health, lastError }) => ({ health, lastError }));
    assert.deepEqual(states, [{ health: 'up', lastError: '' }]);
  });
  await t.test('threads have a value', async () => {
    assert.ok(((await prometheus.value('foreshock_pids_used')) ?? 0) > 1);
    assert.equal(
      await prometheus.value('foreshock_pids_limit'),
      sampleValue(await exporter.scrape(), 'foreshock_pids_limit'),
    );
  });
  await t.test('each series is stored', () => assertAllStored(exporter, prometheus));
  await t.test('it is served OpenMetrics', async () => {
    const response = await fetch(`${exporter.url}/metrics`, { headers: { Accept: ACCEPT } });
    assert.match(response.headers.get('Content-Type') ?? '', /^application\/openmetrics-text; version=1\.0\.0/);
    assert.match(await response.text(), /\n# EOF\n$/);
  });
});

test('promtool has nothing to say against our metrics', { skip: missing(['promtool']) }, async (t) => {
  const exporter = await startCollected(t);
  const lines = (await exporter.scrape()).split('\n').filter((line) => /^(# \w+ )?foreshock_/.test(line));
  assert.ok(lines.length > 0);
  const check = spawnSync('promtool', ['check', 'metrics'], { input: `${lines.join('\n')}\n`, encoding: 'utf8' });
  assert.deepEqual({ status: check.status, said: check.stdout + check.stderr }, { status: 0, said: '' });
});

/** Starts an exporter and waits until each of its collectors has run. */
async function startCollected(t: TestContext): Promise<ExporterProcess> {
  const exporter = await startExporter(['--collector.pids.schedule=* * * * * *']);
  t.after(() => exporter.stop());
  const runs = (text: string, name: string) => parseExposition(text).filter((line) => line.name === name).length;
  await exporter.scrapeUntil(
    (text) => runs(text, 'foreshock_collector_success') === runs(text, 'foreshock_collector_timeouts_total'),
    SOON,
  );
  return exporter;
}

function isOne(value: number | undefined): boolean {
  return value === 1;
}

async function assertAllStored(exporter: ExporterProcess, prometheus: PrometheusServer): Promise<void> {
  const names = parseExposition(await exporter.scrape()).map(({ name }) => name);
  const expected = [...new Set(names)].filter((name) => name.startsWith('foreshock_')).sort();
  const stored = async () => {
    const query = encodeURIComponent('count by (__name__) ({__name__=~"foreshock_.+"})');
    const { result } = await prometheus.api<{ result: { metric: { __name__: string } }[] }>(`query?query=${query}`);
    return result.map(({ metric }) => metric.__name__).sort();
  };
  await until(stored, (found) => expected.every((name) => found.includes(name)), SOON);
}
