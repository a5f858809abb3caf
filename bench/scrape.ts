import { setTimeout as sleep } from 'node:timers/promises';
import { type ExporterProcess, startExporter } from '../test/exporter-process.ts';
import { sampleValue } from '../test/exposition-text.ts';
import type { Result } from './main.ts';
import { cpuSeconds, memoryMiB, ms, quantile } from './measure.ts';
import { makeHost } from './synthetic-host.ts';

const CONTAINERS = 250;
const PROCESSES = 5000;
const SECONDS = 120;

/** Scrapes a host of 250 containers and 5,000 processes for two minutes, with the default schedules. */
export async function benchScrape(): Promise<Result[]> {
  const host = makeHost(CONTAINERS, PROCESSES);
  const { root } = host;
  const exporter = await startExporter([
    `--path.rootfs=${root}`,
    `--path.procfs=${root}/proc`,
    `--path.sysfs=${root}/sys`,
  ]);
  try {
    await exporter.scrapeUntil((text) => /collector_success\{collector="writable_layers"\} 1/.test(text), 120);
    return await measure(exporter);
  } finally {
    await exporter.stop();
    host.remove();
  }
}

async function measure(exporter: ExporterProcess): Promise<Result[]> {
  const pid = exporter.process.pid ?? 0;
  const before = cpuSeconds(pid);
  const times: number[] = [];
  let worstLag = 0;
  let text = '';
  for (let second = 0; second < SECONDS; second += 1) {
    // As many scrapes at 15 s as a Prometheus makes count for the CPU; the rest of the times are of /metrics too,
    // taken in a burst, so that there are enough for a p99.
    const burst = second % 15 === 7 ? 20 : 1;
    for (let scrape = 0; scrape < burst; scrape += 1) {
      const start = performance.now();
      text = await exporter.scrape();
      times.push(performance.now() - start);
    }
    worstLag = Math.max(worstLag, sampleValue(text, 'nodejs_eventloop_lag_max_seconds') ?? 0);
    await sleep(1000);
  }
  const share = (cpuSeconds(pid) - before) / SECONDS;
  return [
    { what: 'scrape p50', measured: ms(quantile(times, 0.5)), goal: '-' },
    { what: 'scrape p99', measured: ms(quantile(times, 0.99)), goal: '50 ms' },
    { what: 'main thread blocked at most', measured: ms(worstLag * 1000), goal: '50 ms' },
    { what: 'exposition', measured: `${text.split('\n').length} lines`, goal: '-' },
    { what: 'CPU of one core, scrapes of the bench included', measured: `${(share * 100).toFixed(2)} %`, goal: '1 %' },
    { what: 'RSS', measured: `${memoryMiB(pid, 'Rss').toFixed(0)} MiB`, goal: '90 MB' },
    { what: 'anonymous memory', measured: `${memoryMiB(pid, 'Anonymous').toFixed(0)} MiB`, goal: '40 MB' },
  ];
}
