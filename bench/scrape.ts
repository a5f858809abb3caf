import { setTimeout as sleep } from 'node:timers/promises';
import type { ExporterProcess } from '../test/exporter-process.ts';
import type { Bench, Figure } from './bench.ts';
import { cpuPercent, memoryMiB } from './measure.ts';
import { start } from './program.ts';
import { quantile } from './statistics.ts';
import { makeHost } from './synthetic-host.ts';

const CONTAINERS = 250;
const PROCESSES = 5000;
/** A minute, twice, at the rate of a Prometheus, and enough scrapes for a p99. */
const STEADY_SCRAPES = 4;
const FREQUENT_SCRAPES = 200;

/** Scrapes a host of 250 containers and 5,000 processes, with the default schedules. */
export const scrape: Bench = {
  name: 'scrape',
  async prepare() {
    const host = makeHost(CONTAINERS, PROCESSES);
    return {
      async measure(program) {
        const exporter = await start(program, host.flags);
        try {
          await exporter.scrapeUntil((text) => /collector_success\{collector="writable_layers"\} 1/.test(text), 120);
          return await measure(exporter);
        } finally {
          await exporter.stop();
        }
      },
      remove: host.remove,
    };
  },
};

async function measure(exporter: ExporterProcess): Promise<Figure[]> {
  const pid = exporter.process.pid ?? 0;
  const steady = await scrapeEvery(exporter, 15, STEADY_SCRAPES);
  const cpu = await cpuPercent(pid, () => scrapeEvery(exporter, 15, STEADY_SCRAPES));
  const { times, slowestAnswer, text } = await scrapeEvery(exporter, 0.5, FREQUENT_SCRAPES);
  const most = (atMost: number) => ({ goal: { atMost } });
  return [
    { what: 'scrape every 15 s, slowest', unit: 'ms', value: quantile(steady.times, 1) },
    { what: 'scrape p50', unit: 'ms', value: quantile(times, 0.5) },
    { what: 'scrape p99', unit: 'ms', value: quantile(times, 0.99), ...most(50) },
    { what: 'main thread blocked, by the slowest /-/healthy', unit: 'ms', value: slowestAnswer, ...most(50) },
    { what: 'exposition', unit: 'lines', value: text.split('\n').length },
    { what: 'CPU, scraped every 15 s', unit: '% of a core', value: cpu, ...most(1) },
    { what: 'RSS', unit: 'MiB', value: memoryMiB(pid, 'Rss'), ...most(90) },
    { what: 'anonymous memory', unit: 'MiB', value: memoryMiB(pid, 'Anonymous'), ...most(40) },
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
