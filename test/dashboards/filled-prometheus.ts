import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { RecordingRule } from '../../rules/signature.ts';
import { type PrometheusServer, prometheusIn } from '../real/prometheus-server.ts';
import { type Replay, STEP, seriesOf } from '../rules/replays/replay.ts';
import { CLUSTER } from '../rules/replays/targets.ts';
import { addBlocks, type Samples } from './blocks.ts';
import { firingAlerts } from './firing-alerts.ts';
import type { Range } from './query-api.ts';
import { readsItself, recorded, recordLevels } from './recorded-rules.ts';
import { clusterOf, rangeOf, timeOf } from './stories.ts';

/** Starts a Prometheus that holds the replays, what the pack records of them, and the alerts that fire; it ends with the test. */
export async function fillPrometheus(t: TestContext, replays: readonly Replay[]): Promise<PrometheusServer> {
  const directory = mkdtempSync(join(tmpdir(), 'foreshock-dashboards-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const ranges = replays.map(rangeOf);
  const range = { from: Math.min(...ranges.map(({ from }) => from)), to: Math.max(...ranges.map(({ to }) => to)) };

  await addBlocks(directory, scraped(replays));
  for (const level of recordLevels()) {
    await addBlocks(directory, await asking(directory, (server) => recorded(server, level, range)));
    await recordOn(directory, level.filter(readsItself), range);
  }
  await addBlocks(directory, await asking(directory, (server) => firingAlerts(server, replays, range)));

  const server = await start(directory);
  t.after(() => server.stop());
  return server;
}

/** Asks rules that read themselves again, until nothing is added. */
async function recordOn(directory: string, records: readonly RecordingRule[], range: Range): Promise<void> {
  for (let known = -1; records.length > 0; ) {
    const samples = await asking(directory, (server) => recorded(server, records, range));
    const count = samples.reduce((sum, { values }) => sum + values.length, 0);
    if (count <= known) return;
    await addBlocks(directory, samples);
    known = count;
  }
}

function* scraped(replays: readonly Replay[]): Iterable<Samples> {
  for (const replay of replays) {
    const start = timeOf(replay, 0);
    for (const [series, course] of seriesOf(replay)) {
      const values: [number, number][] = [];
      for (let second = 0; second <= replay.minutes * 60; second += STEP) {
        const value = course(second, start);
        if (value !== undefined) values.push([start + second, value]);
      }
      yield { series: series.replace(`cluster="${CLUSTER}"`, `cluster="${clusterOf(replay)}"`), values };
    }
  }
}

/** What a Prometheus on the data so far answers: it looks for new blocks when it starts, and once a minute. */
async function asking<Answer>(directory: string, ask: (server: PrometheusServer) => Promise<Answer>): Promise<Answer> {
  const server = await start(directory);
  try {
    return await ask(server);
  } finally {
    await server.stop();
  }
}

/** OpenMetrics cannot say that a series is over: one without a sample for more than a step is. */
function start(directory: string): Promise<PrometheusServer> {
  return prometheusIn(directory, {}, [`--query.lookback-delta=${1.5 * STEP}s`]);
}
