import { setTimeout as sleep } from 'node:timers/promises';
import { type ExporterProcess, startExporter } from '../test/exporter-process.ts';
import { cpuSeconds, memoryMiB, ms, quantile } from './measure.ts';
import type { Result } from './result.ts';
import { makeHost } from './synthetic-host.ts';

const CONTAINERS = 250;
const PROCESSES = 5000;
/** A minute, twice, at the rate of a Prometheus, and enough scrapes for a p99. */
const STEADY_SCRAPES = 4;
const FREQUENT_SCRAPES = 200;

/** Scrapes a host of 250 containers and 5,000 processes, with the default schedules. */
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
  const steady = await scrapeEvery(exporter, 15, STEADY_SCRAPES);
  const before = cpuSeconds(pid);
  await scrapeEvery(exporter, 15, STEADY_SCRAPES);
  const share = (cpuSeconds(pid) - before) / (STEADY_SCRAPES * 15);
  const { times, slowestAnswer, text } = await scrapeEvery(exporter, 0.5, FREQUENT_SCRAPES);
  return [
    { what: 'scrape every 15 s, slowest', measured: ms(quantile(steady.times, 1)), goal: '-' },
    { what: 'scrape p50', measured: ms(quantile(times, 0.5)), goal: '-' },
    { what: 'scrape p99', measured: ms(quantile(times, 0.99)), goal: '50 ms' },
    { what: 'main thread blocked at most, by the slowest /-/healthy', measured: ms(slowestAnswer), goal: '50 ms' },
    { what: 'exposition', measured: `${text.split('\n').length} lines`, goal: '-' },
    { what: 'CPU of one core, scraped every 15 s', measured: `${(share * 100).toFixed(2)} %`, goal: '1 %' },
    { what: 'RSS', measured: `${memoryMiB(pid, 'Rss').toFixed(0)} MiB`, goal: '90 MB' },
    { what: 'anonymous memory', measured: `${memoryMiB(pid, 'Anonymous').toFixed(0)} MiB`, goal: '40 MB' },
  ];
}

interface Scrapes {
  /** Milliseconds each. */
  readonly times: readonly number[];
  /** Milliseconds that `/-/healthy`, which takes no work, was waited for at most meanwhile. */
  readonly slowestAnswer: number;
  readonly text: string;
}

async function scrapeEvery(exporter: ExporterProcess, seconds: number, count: number): Promise<Scrapes> {
  const times: number[] = [];
  let slowestAnswer = 0;
  let text = '';
  for (let scrape = 0; scrape < count; scrape += 1) {
    await sleep(seconds * 1000);
    const start = performance.now();
    const scraped = exporter.scrape();
    // A moment later, when the scrape is at work.
    await sleep(2);
    slowestAnswer = Math.max(slowestAnswer, await millisecondsToAnswer(exporter));
    text = await scraped;
    times.push(performance.now() - start);
  }
  return { times, slowestAnswer, text };
}

async function millisecondsToAnswer(exporter: ExporterProcess): Promise<number> {
  const start = performance.now();
  await (await fetch(`${exporter.url}/-/healthy`)).text();
  return performance.now() - start;
}
