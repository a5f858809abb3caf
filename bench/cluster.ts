import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Bench, Figure } from './bench.ts';
import { cpuPercent, memoryMiB } from './measure.ts';
import { type Program, start } from './program.ts';

const NODES = 5000;
const PODS = 150_000;
const SECONDS = 60;
const SCRAPES = 4;

/** The cluster role beside an API server of 5,000 nodes and 150,000 pods: 500 lease renewals a second, scraped every 15 s. */
export const cluster: Bench = {
  name: 'cluster',
  prepare: async () => ({ measure: withServer, remove() {} }),
};

/** Each build has an API server of its own: one that has served for long knows more events. */
async function withServer(program: Program): Promise<Figure[]> {
  const directory = mkdtempSync(join(tmpdir(), 'foreshock-cluster-'));
  const file = fileURLToPath(new URL('../test/exporter/cluster/synthetic/synthetic-server.js', import.meta.url));
  const server = spawn(process.execPath, [file, directory, String(NODES), String(PODS)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    await once(server.stdout, 'data');
    return await measure(program, join(directory, 'config'));
  } finally {
    server.stdin.end();
    await once(server, 'exit');
    rmSync(directory, { recursive: true });
  }
}

async function measure(program: Program, kubeconfig: string): Promise<Figure[]> {
  const started = performance.now();
  const exporter = await start(program, [`--kubeconfig=${kubeconfig}`], ['cluster']);
  const listing = (performance.now() - started) / 1000;
  try {
    const pid = exporter.process.pid ?? 0;
    await sleep(SECONDS * 500);
    const watching = await cpuPercent(pid, () => sleep(SECONDS * 1000));
    let bytes = 0;
    const begun = performance.now();
    const scraping = await cpuPercent(pid, async () => {
      for (let scrape = 0; scrape < SCRAPES; scrape += 1) bytes = (await exporter.scrape()).length;
    });
    const scrape = (performance.now() - begun) / SCRAPES;
    const rss = memoryMiB(pid, 'Rss');
    return [
      { what: `${NODES} nodes and ${PODS} pods listed`, unit: 's', value: listing },
      { what: 'CPU, 500 lease renewals a second', unit: '% of a core', value: watching, goal: { atMost: 30 } },
      { what: 'scrape', unit: 'ms', value: scrape },
      { what: 'CPU during scrapes', unit: '% of a core', value: scraping },
      { what: 'exposition', unit: 'MB', value: bytes / 1e6 },
      { what: 'RSS', unit: 'MiB', value: rss, goal: { atMost: 1024 } },
    ];
  } finally {
    await exporter.stop();
  }
}
