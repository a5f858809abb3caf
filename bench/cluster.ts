import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startExporter } from '../test/exporter-process.ts';
import { cpuSeconds, memoryMiB, ms } from './measure.ts';
import type { Result } from './result.ts';

const NODES = 5000;
const PODS = 150_000;
const SECONDS = 60;
const SCRAPES = 4;

/** The cluster role beside an API server of 5,000 nodes and 150,000 pods: 500 lease renewals a second, scraped every 15 s. */
export async function benchCluster(): Promise<Result[]> {
  const directory = mkdtempSync(join(tmpdir(), 'foreshock-bench-'));
  const program = fileURLToPath(new URL('../test/exporter/cluster/synthetic/synthetic-server.js', import.meta.url));
  const server = spawn(process.execPath, [program, directory, String(NODES), String(PODS)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    await once(server.stdout, 'data');
    const listed = performance.now();
    const exporter = await startExporter([`--kubeconfig=${join(directory, 'config')}`], ['cluster']);
    const listing = (performance.now() - listed) / 1000;
    try {
      const pid = exporter.process.pid ?? 0;
      await sleep(SECONDS * 500);
      const quiet = await share(pid, () => sleep(SECONDS * 1000));
      let bytes = 0;
      const started = performance.now();
      const scraping = await share(pid, async () => {
        for (let scrape = 0; scrape < SCRAPES; scrape += 1) bytes = (await exporter.scrape()).length;
      });
      const scrape = (performance.now() - started) / SCRAPES;
      return [
        { what: `${NODES} nodes and ${PODS} pods listed`, measured: `${listing.toFixed(0)} s`, goal: '-' },
        { what: '500 lease renewals a second', measured: `${(quiet * 100).toFixed(1)} % of a core`, goal: '30 %' },
        {
          what: `a scrape of ${(bytes / 1e6).toFixed(0)} MB`,
          measured: `${ms(scrape)}, ${(scraping * 100).toFixed(0)} % of a core`,
          goal: '-',
        },
        { what: 'RSS', measured: `${memoryMiB(pid, 'Rss').toFixed(0)} MiB`, goal: '1024 MiB' },
      ];
    } finally {
      await exporter.stop();
    }
  } finally {
    server.stdin.end();
    await once(server, 'exit');
    rmSync(directory, { recursive: true });
  }
}

/** Share of a core that a process takes while something lasts. */
async function share(pid: number, act: () => Promise<void>): Promise<number> {
  const [before, start] = [cpuSeconds(pid), performance.now()];
  await act();
  return (cpuSeconds(pid) - before) / ((performance.now() - start) / 1000);
}
