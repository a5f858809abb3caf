import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { hashSync } from 'bcryptjs';
import type { ExporterProcess } from '../test/exporter-process.ts';
import type { Attack, AttackOrder } from './attack.ts';
import type { Bench, Figure } from './bench.ts';
import { type Program, start } from './program.ts';
import { quantile } from './statistics.ts';
import { makeHost } from './synthetic-host.ts';

const ATTACKS: Readonly<Record<Attack, string>> = {
  pipelined: '1,800 pipelined scrapes',
  unread: '300 clients that never read',
  passwords: 'wrong passwords',
  scrapes: '1,000 concurrent scrapes',
  idle: '2,000 idle connections',
};
const SCRAPES = 100;
const SCRAPE_INTERVAL_MS = 100;
/** As in Prometheus. A scrape that failed counts as one that took so long. */
const SCRAPE_TIMEOUT_MS = 10_000;
/** deploy/node.yaml has a limit of 192 MiB; a process that passes this is ended, before it takes the machine's memory. */
const DEADLY_MIB = 512;
const PASSWORD = 'correct horse';

/** What strangers can do to an exporter of 250 containers: its memory, and how long real scrapes take meanwhile. */
export const survival: Bench = {
  name: 'survival',
  async prepare() {
    const host = makeHost(250, 5000);
    const directory = mkdtempSync(join(tmpdir(), 'foreshock-survival-'));
    const users = join(directory, 'web.yml');
    writeFileSync(users, `basic_auth_users: {alice: ${hashSync(PASSWORD, 10)}}\n`);
    return {
      async measure(program) {
        const figures: Figure[] = [];
        for (const attack of Object.keys(ATTACKS) as Attack[]) {
          const flags = attack === 'passwords' ? [`--web.config.file=${users}`] : [];
          figures.push(...(await survive(program, attack, [...host.flags, ...flags])));
        }
        return figures;
      },
      remove() {
        host.remove();
        rmSync(directory, { recursive: true });
      },
    };
  },
};

async function survive(program: Program, attack: Attack, flags: readonly string[]): Promise<Figure[]> {
  const exporter = await start(program, flags);
  try {
    await scrapes(exporter);
    const atRest = memoryMiB(exporter, 'VmRSS');
    // The peak begins anew (proc(5)).
    writeFileSync(`/proc/${exporter.process.pid}/clear_refs`, '5');
    const order: AttackOrder = { attack, port: Number(new URL(exporter.url).port) };
    const attackers = new Worker(new URL('./attack.js', import.meta.url), { workerData: order });
    const guard = setInterval(() => {
      if (memoryMiB(exporter, 'VmHWM') > DEADLY_MIB) exporter.process.kill('SIGKILL');
    }, 20);
    const times = await scrapes(exporter);
    clearInterval(guard);
    const peak = memoryMiB(exporter, 'VmHWM');
    await attackers.terminate();
    return figures(ATTACKS[attack], times, atRest, peak);
  } finally {
    await exporter.stop();
  }
}

function figures(attack: string, times: readonly number[], atRest: number, peak: number): Figure[] {
  const survived = Number.isFinite(peak);
  const most = (atMost: number) => ({ goal: { atMost } });
  const ofScrapes = (value: number) => (survived ? value : Number.POSITIVE_INFINITY);
  return [
    { what: `${attack}: peak RSS`, unit: 'MiB', value: peak },
    { what: `${attack}: peak RSS ÷ RSS before`, unit: '', value: peak / atRest, ...most(1.3) },
    { what: `${attack}: scrape p99`, unit: 'ms', value: ofScrapes(quantile(times, 0.99)), ...most(100) },
    { what: `${attack}: slowest scrape`, unit: 'ms', value: ofScrapes(quantile(times, 1)) },
    {
      what: `${attack}: failed scrapes`,
      unit: `of ${SCRAPES}`,
      value: ofScrapes(times.filter((time) => time === SCRAPE_TIMEOUT_MS).length),
      ...most(0),
    },
  ];
}

/** Milliseconds that each scrape took, as long as the exporter lives. */
async function scrapes(exporter: ExporterProcess): Promise<number[]> {
  const times: number[] = [];
  for (let count = 0; count < SCRAPES && !hasEnded(exporter); count += 1) {
    await sleep(SCRAPE_INTERVAL_MS);
    const start = performance.now();
    times.push((await scrape(exporter)) === 200 ? performance.now() - start : SCRAPE_TIMEOUT_MS);
  }
  return times;
}

/** Scrapes as Prometheus does, over a connection of its own; resolves to the status, 0 for no answer. */
function scrape({ url }: ExporterProcess): Promise<number> {
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

/** What is resident, or the most that was; infinite for a process that has died. */
function memoryMiB(exporter: ExporterProcess, field: 'VmRSS' | 'VmHWM'): number {
  if (hasEnded(exporter)) return Number.POSITIVE_INFINITY;
  const status = readFileSync(`/proc/${exporter.process.pid}/status`, 'utf8');
  // A zombie has no memory.
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? Number.POSITIVE_INFINITY) / 1024;
}

function hasEnded({ process: { exitCode, signalCode } }: ExporterProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
