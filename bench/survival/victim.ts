import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { ExporterProcess } from '../../test/exporter-process.ts';
import type { Attack, AttackOrder } from './attack.ts';

/** As in Prometheus. A scrape that failed counts as one that took so long. */
const SCRAPE_TIMEOUT_MS = 10_000;

export const PASSWORD = 'correct horse';

/** Where every scrape times out, a few say as much as many. */
const MAX_FAILURES = 5;

/**
 * Milliseconds that each of so many scrapes took: of fewer if the exporter ends, or if a few have failed.
 */
export async function scrapes(exporter: ExporterProcess, count: number, intervalMs: number): Promise<number[]> {
  const times: number[] = [];
  while (times.length < count && !hasEnded(exporter) && countFailed(times) < MAX_FAILURES) {
    await sleep(intervalMs);
    const start = performance.now();
    times.push((await statusOf(exporter)) === 200 ? performance.now() - start : SCRAPE_TIMEOUT_MS);
  }
  return times;
}

/** Scrapes as Prometheus does, over a connection of its own; resolves to the status, 0 for no answer. */
function statusOf({ url }: ExporterProcess): Promise<number> {
  return new Promise((resolve) => {
    const options = { agent: false, auth: `alice:${PASSWORD}`, headers: { 'accept-encoding': 'gzip' } };
    const scraped = request(`${url}/metrics`, { ...options, signal: AbortSignal.timeout(SCRAPE_TIMEOUT_MS) });
    scraped.on('response', (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
      response.on('error', () => resolve(0));
    });
    scraped.on('error', () => resolve(0));
    scraped.end();
  });
}

function countFailed(times: readonly number[]): number {
  return times.filter((time) => time === SCRAPE_TIMEOUT_MS).length;
}

/** Percent of the scrapes that failed. */
export function failedPercent(times: readonly number[]): number {
  return (countFailed(times) / times.length) * 100;
}

/** Attacks an exporter while something else is done to it. */
export async function whileAttacked<Result>(
  { url }: ExporterProcess,
  attack: Attack,
  act: () => Promise<Result>,
): Promise<Result> {
  const order: AttackOrder = { attack, port: Number(new URL(url).port) };
  const attackers = new Worker(new URL('./attack.js', import.meta.url), { workerData: order });
  try {
    return await act();
  } finally {
    await attackers.terminate();
  }
}

/** The most that was resident; infinite for a process that has died. */
export function peakMiB(exporter: ExporterProcess): number {
  if (hasEnded(exporter)) return Number.POSITIVE_INFINITY;
  const status = readFileSync(`/proc/${exporter.process.pid}/status`, 'utf8');
  // A zombie has no memory.
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.POSITIVE_INFINITY) / 1024;
}

export function hasEnded({ process: { exitCode, signalCode } }: ExporterProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
