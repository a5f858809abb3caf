import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { packFiles } from '../rules/render/files.ts';
import { DEFAULT_SETTINGS } from '../rules/settings.ts';
import { freePort, until } from '../test/exporter-process.ts';
import { healthyNode } from '../test/rules/replays/healthy-node.ts';
import { instanceOf, WEB } from '../test/rules/replays/targets.ts';
import { memoryMiB } from './measure.ts';
import type { Result } from './result.ts';

const NODES = 1000;
const CONTAINERS = 30;
/** Nodes that one target tells of: a scrape of all at once would take too long. */
const NODES_PER_TARGET = 50;
const INTERVAL = 30;
/** Until the windows of most rules are filled. */
const SCRAPING = 330;
/** Until all groups were evaluated twice: the second time they find what they recorded. */
const EVALUATING = 100;

/**
 * All groups of the pack, in a Prometheus that has scraped 1,000 healthy nodes of 30 containers each. It scrapes first and
 * evaluates then, so that the one does not wait for the other.
 */
export async function benchRules(): Promise<Result[]> {
  const directory = mkdtempSync(join(tmpdir(), 'foreshock-bench-'));
  const started = Math.floor(Date.now() / 1000);
  const server = createServer((request, response) => {
    response.end(exposition(Number(request.url?.slice(1)), Math.floor(Date.now() / 1000) - started, started));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await withPrometheus(directory, { scrape_configs: targets((server.address() as AddressInfo).port) }, () =>
      sleep(SCRAPING * 1000),
    );
    for (const [path, content] of packFiles(DEFAULT_SETTINGS)) {
      mkdirSync(join(directory, dirname(path)), { recursive: true });
      writeFileSync(join(directory, path), content);
    }
    return await withPrometheus(directory, { rule_files: [join(directory, 'prometheus/*.yaml')] }, evaluation);
  } finally {
    server.closeAllConnections();
    server.close();
    rmSync(directory, { recursive: true });
  }
}

/** Runs Prometheus while `act` goes on. */
async function withPrometheus<Value>(
  directory: string,
  config: object,
  act: (url: string, pid: number) => Promise<Value>,
): Promise<Value> {
  const file = join(directory, 'prometheus.json');
  const global = {
    scrape_interval: `${INTERVAL}s`,
    scrape_timeout: `${INTERVAL}s`,
    evaluation_interval: `${INTERVAL}s`,
  };
  // JSON is YAML, too.
  writeFileSync(file, JSON.stringify({ global, ...config }));
  const address = `127.0.0.1:${await freePort()}`;
  const flags = [`--config.file=${file}`, `--storage.tsdb.path=${directory}/data`, `--web.listen-address=${address}`];
  const prometheus = spawn('prometheus', flags, { stdio: 'ignore' });
  try {
    const ready = () =>
      fetch(`http://${address}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
    await until(ready, Boolean, 120);
    return await act(`http://${address}`, prometheus.pid ?? 0);
  } finally {
    prometheus.kill();
    await once(prometheus, 'exit');
  }
}

/** A group or a rule, with the seconds that its last evaluation took. */
type Timed<More = unknown> = { readonly name: string; readonly evaluationTime: number } & More;

async function evaluation(url: string, pid: number): Promise<Result[]> {
  await sleep(EVALUATING * 1000);
  const ask = async (path: string) => (await fetch(url + path)).text();
  const { groups } = JSON.parse(await ask('/api/v1/rules')).data as { groups: Timed<{ rules: Timed[] }>[] };
  const total = groups.reduce((sum, { evaluationTime }) => sum + evaluationTime, 0);
  const rules = groups.flatMap((group) => group.rules).sort((a, b) => b.evaluationTime - a.evaluationTime);
  const series = /^prometheus_tsdb_head_series (.*)$/m.exec(await ask('/metrics'))?.[1];
  const of = `${NODES} nodes, ${Number(series).toLocaleString('en')} series`;
  const slowest = rules.slice(0, 3).map(({ name, evaluationTime }) => `${name} ${evaluationTime.toFixed(2)} s`);
  return [
    { what: `one evaluation of all ${groups.length} groups, ${of}`, measured: `${total.toFixed(2)} s`, goal: '2 s' },
    { what: `the slowest of ${rules.length} rules`, measured: slowest.join(', '), goal: '-' },
    { what: 'RSS of Prometheus', measured: `${memoryMiB(pid, 'Rss').toFixed(0)} MiB`, goal: '-' },
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

/** What a part of the nodes says after some seconds: all the same. */
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
