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
import { freePort } from '../test/exporter-process.ts';
import { healthyNode } from '../test/rules/replays/healthy-node.ts';
import { WEB } from '../test/rules/replays/targets.ts';
import type { Result } from './main.ts';
import { memoryMiB } from './measure.ts';

const NODES = 1000;
const CONTAINERS = 30;
/** Nodes that one target tells of: a scrape of all at once would take too long. */
const NODES_PER_TARGET = 50;
const SCRAPE_INTERVAL = 30;
/** Until the windows of the rules are filled. */
const SECONDS = 400;

/** A group or a rule, with the seconds that its last evaluation took. */
type Timed<More = unknown> = { readonly name: string; readonly evaluationTime: number } & More;

/** All groups of the pack in a Prometheus that scrapes 1,000 healthy nodes of 30 containers each. */
export async function benchRules(): Promise<Result[]> {
  const started = Date.now() / 1000;
  const server = createServer((request, response) => {
    response.end(exposition(Number(request.url?.slice(1)), Date.now() / 1000 - started, started));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const directory = mkdtempSync(join(tmpdir(), 'foreshock-bench-'));
  const address = `127.0.0.1:${await freePort()}`;
  const config = join(directory, 'prometheus.json');
  writeFileSync(config, JSON.stringify(configuration(directory, (server.address() as AddressInfo).port)));
  const flags = [`--config.file=${config}`, `--storage.tsdb.path=${directory}/data`, `--web.listen-address=${address}`];
  const prometheus = spawn('prometheus', flags, { stdio: 'ignore' });
  try {
    await sleep(SECONDS * 1000);
    const ask = async (path: string) => (await fetch(`http://${address}${path}`)).text();
    const { groups } = JSON.parse(await ask('/api/v1/rules')).data as { groups: Timed<{ rules: Timed[] }>[] };
    const total = groups.reduce((sum, { evaluationTime }) => sum + evaluationTime, 0);
    const slowest = groups.flatMap(({ rules }) => rules).sort((a, b) => b.evaluationTime - a.evaluationTime)[0];
    const series = /^prometheus_tsdb_head_series (.*)$/m.exec(await ask('/metrics'))?.[1];
    const of = `${NODES} nodes, ${Number(series).toLocaleString('en')} series`;
    return [
      { what: `one evaluation of all ${groups.length} groups, ${of}`, measured: `${total.toFixed(2)} s`, goal: '2 s' },
      { what: `the slowest rule, ${slowest?.name}`, measured: `${slowest?.evaluationTime.toFixed(2)} s`, goal: '-' },
      { what: 'RSS of Prometheus', measured: `${memoryMiB(prometheus.pid ?? 0, 'Rss').toFixed(0)} MiB`, goal: '-' },
    ];
  } finally {
    prometheus.kill();
    await once(prometheus, 'exit');
    server.closeAllConnections();
    server.close();
    rmSync(directory, { recursive: true });
  }
}

/** Prometheus' configuration, as JSON, which is YAML. */
function configuration(directory: string, port: number) {
  for (const [path, content] of packFiles(DEFAULT_SETTINGS)) {
    mkdirSync(join(directory, dirname(path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
  const targets = Array.from({ length: NODES / NODES_PER_TARGET }, (_, part) => ({
    job_name: `nodes-${part}`,
    metrics_path: `/${part}`,
    honor_labels: true,
    static_configs: [{ targets: [`127.0.0.1:${port}`] }],
  }));
  return {
    global: {
      scrape_interval: `${SCRAPE_INTERVAL}s`,
      scrape_timeout: `${SCRAPE_INTERVAL}s`,
      evaluation_interval: `${SCRAPE_INTERVAL}s`,
    },
    rule_files: [join(directory, 'prometheus/*.yaml')],
    scrape_configs: targets,
  };
}

/** What a part of the nodes says after some seconds. */
function exposition(part: number, seconds: number, start: number): string {
  const lines: string[] = [];
  for (let node = part * NODES_PER_TARGET; node < (part + 1) * NODES_PER_TARGET; node++) {
    for (const [series, course] of healthyNode(`node-${node}`, { seconds: SECONDS })) {
      const value = course(Math.floor(seconds), start);
      if (value === undefined) continue;
      if (!series.includes(`pod="${WEB.pod}"`)) lines.push(`${series} ${value}`);
      else
        for (let pod = 0; pod < CONTAINERS; pod++) lines.push(`${series.replace(`${WEB.pod}`, `pod-${pod}`)} ${value}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
