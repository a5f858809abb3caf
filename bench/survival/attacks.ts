import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashSync } from 'bcryptjs';
import type { Figure, Workload } from '../bench.ts';
import { memoryMiB } from '../measure.ts';
import { type Program, start } from '../program.ts';
import { quantile } from '../statistics.ts';
import { makeHost } from '../synthetic-host.ts';
import type { Attack } from './attack.ts';
import { failedPercent, PASSWORD, peakMiB, scrapes, whileAttacked } from './victim.ts';

const ATTACKS: Readonly<Record<Attack, string>> = {
  pipelined: '1,800 pipelined scrapes',
  unread: '300 clients that never read',
  passwords: 'wrong passwords',
  scrapes: '1,000 concurrent scrapes',
  idle: '2,000 idle connections',
};
/** These may take no memory worth mentioning; 1,000 scrapes at a time are work, and passwords have a thread of their own. */
const BOUNDED: readonly Attack[] = ['pipelined', 'unread', 'idle'];
const HARMLESS: readonly Attack[] = [...BOUNDED, 'passwords'];
const SCRAPES = 100;
const SCRAPE_INTERVAL_MS = 100;
/** deploy/node.yaml has a limit of 192 MiB; a process that passes this is ended, before it takes the machine's memory. */
const DEADLY_MIB = 512;

/** What clients can do to an exporter of 250 containers. */
export function prepareAttacks(): Workload {
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
}

async function survive(program: Program, attack: Attack, flags: readonly string[]): Promise<Figure[]> {
  const exporter = await start(program, flags);
  try {
    await scrapes(exporter, SCRAPES, SCRAPE_INTERVAL_MS);
    const atRest = memoryMiB(exporter.process.pid ?? 0, 'Rss');
    // The peak begins anew (proc(5)).
    writeFileSync(`/proc/${exporter.process.pid}/clear_refs`, '5');
    const guard = setInterval(() => {
      if (peakMiB(exporter) > DEADLY_MIB) exporter.process.kill('SIGKILL');
    }, 20);
    const { times, peak } = await whileAttacked(exporter, attack, async () => {
      const times = await scrapes(exporter, SCRAPES, SCRAPE_INTERVAL_MS);
      return { times, peak: peakMiB(exporter) };
    });
    clearInterval(guard);
    return figures(attack, times, atRest, peak);
  } finally {
    await exporter.stop();
  }
}

function figures(attack: Attack, times: readonly number[], atRest: number, peak: number): Figure[] {
  const survived = Number.isFinite(peak);
  const what = (figure: string) => `${ATTACKS[attack]}: ${figure}`;
  const most = (atMost: number, attacks: readonly Attack[]) => attacks.includes(attack) && { goal: { atMost } };
  const ofScrapes = (value: number) => (survived ? value : Number.POSITIVE_INFINITY);
  return [
    { what: what('RSS before'), unit: 'MiB', value: atRest },
    { what: what('peak RSS'), unit: 'MiB', value: peak },
    { what: what('peak RSS ÷ RSS before'), unit: '', value: peak / atRest, ...most(1.3, BOUNDED) },
    { what: what('scrape p99'), unit: 'ms', value: ofScrapes(quantile(times, 0.99)), ...most(100, HARMLESS) },
    { what: what('slowest scrape'), unit: 'ms', value: ofScrapes(quantile(times, 1)) },
    { what: what('failed scrapes'), unit: '%', value: ofScrapes(failedPercent(times)), ...most(0, HARMLESS) },
  ];
}
