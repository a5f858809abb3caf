import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type PrometheusServer, prometheusIn } from '../test/real/prometheus-server.ts';
import { healthyNode } from '../test/rules/replays/healthy-node.ts';
import { instanceOf, WEB } from '../test/rules/replays/targets.ts';
import type { Bench, Figure } from './bench.ts';
import { memoryMiB } from './measure.ts';
import type { Program } from './program.ts';

const NODES = 1000;
const CONTAINERS = 30;
/** One target gives the series of several nodes: a scrape of all at once would take too long. */
const NODES_PER_TARGET = 50;
const INTERVAL = 30;
/** Until the windows of most rules are filled. */
const SCRAPING = 330;
/** Until all groups were evaluated twice: the second time they find what they recorded. */
const EVALUATING = 100;

const GLOBAL = {
  scrape_interval: `${INTERVAL}s`,
  scrape_timeout: `${INTERVAL}s`,
  evaluation_interval: `${INTERVAL}s`,
};

/**
 * All groups of the pack, in a Prometheus that has scraped 1,000 healthy nodes of 30 containers each. It scrapes first and
 * evaluates then, so that the one does not wait for the other; each build on new series, as old ones would be stale.
 */
export const rules: Bench = {
  name: 'rules',
  prepare: async () => ({ measure, remove() {} }),
};

async function measure(program: Program): Promise<Figure[]> {
  const directory = mkdtempSync(join(tmpdir(), 'foreshock-rules-'));
  const started = Math.floor(Date.now() / 1000);
  const server = createServer((request, response) => {
    // Prometheus from 3.0 on scrapes nothing that has no type.
    response.setHeader('content-type', 'text/plain');
    response.end(exposition(Number(request.url?.slice(1)), Math.floor(Date.now() / 1000) - started, started));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const scraping = { scrape_configs: targets((server.address() as AddressInfo).port) };
    await withPrometheus(directory, scraping, () => sleep(SCRAPING * 1000));
    execFileSync(process.execPath, [program.main, 'rules', `--output=${directory}`], { stdio: 'ignore' });
    return await withPrometheus(directory, { rule_files: [join(directory, 'prometheus/*.yaml')] }, evaluation);
  } finally {
    server.closeAllConnections();
    server.close();
    rmSync(directory, { recursive: true });
  }
}

async function withPrometheus<Value>(
  directory: string,
  config: object,
  act: (prometheus: PrometheusServer) => Promise<Value>,
): Promise<Value> {
  const prometheus = await prometheusIn(directory, { global: GLOBAL, ...config });
  try {
    return await act(prometheus);
  } finally {
    await prometheus.stop();
  }
}

/** A group or a rule, with the seconds that its last evaluation took. */
type Timed<More = unknown> = { readonly name: string; readonly evaluationTime: number } & More;

async function evaluation({ url, pid, api }: PrometheusServer): Promise<Figure[]> {
  await sleep(EVALUATING * 1000);
  const { groups } = await api<{ groups: Timed<{ rules: Timed[] }>[] }>('rules');
  const total = groups.reduce((sum, { evaluationTime }) => sum + evaluationTime, 0);
  const slowest = groups.flatMap((group) => group.rules).sort((a, b) => b.evaluationTime - a.evaluationTime);
  const series = /^prometheus_tsdb_head_series (.*)$/m.exec(await (await fetch(`${url}/metrics`)).text())?.[1];
  return [
    { what: `one evaluation of all groups, ${NODES} nodes`, unit: 's', value: total, goal: { atMost: 2 } },
    ...slowest
      .slice(0, 3)
      .map(({ name, evaluationTime }) => ({ what: `rule ${name}`, unit: 's', value: evaluationTime })),
    { what: 'series', unit: 'series', value: Number(series) },
    { what: 'RSS of Prometheus', unit: 'MiB', value: memoryMiB(pid, 'Rss') },
  ];
}

function targets(port: number) {
  return Array.from({ length: NODES / NODES_PER_TARGET }, (_, part) => ({
    job_name: `nodes-${part}`,
    metrics_path: `/${part}`,
    honor_labels: true,
    static_configs: [{ targets: [`127.0.0.1:${port}`] }],
  }));
}

const NODE = 'some-node';

/** The series of a part of the nodes after some seconds: all nodes have the same values. */
function exposition(part: number, seconds: number, start: number): string {
  const lines: string[] = [];
  for (const [series, course] of healthyNode(NODE, { seconds: SCRAPING })) {
    const value = course(seconds, start);
    if (value === undefined) continue;
    if (!series.includes(`pod="${WEB.pod}"`)) lines.push(`${series} ${value}`);
    else
      for (let pod = 0; pod < CONTAINERS; pod++) lines.push(`${series.replace(`${WEB.pod}`, `pod-${pod}`)} ${value}`);
  }
  const text = `${lines.join('\n')}\n`;
  const [address = ''] = instanceOf(NODE, 0).split(':');
  return Array.from({ length: NODES_PER_TARGET }, (_, index) => {
    const node = `node-${part * NODES_PER_TARGET + index}`;
    const [own = ''] = instanceOf(node, 0).split(':');
    return text.replaceAll(NODE, node).replaceAll(address, own);
  }).join('');
}
