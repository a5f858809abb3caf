import type { ExporterProcess } from '../../test/exporter-process.ts';
import type { Figure, Workload } from '../bench.ts';
import { LimitedCgroup } from '../cgroup.ts';
import { cpuPercent, memoryMiB } from '../measure.ts';
import { type Program, start } from '../program.ts';
import { quantile } from '../statistics.ts';
import { makeHost } from '../synthetic-host.ts';
import type { Attack } from './attack.ts';
import { failedPercent, hasEnded, scrapes, whileAttacked } from './victim.ts';

const MEMORY_LIMITS_MIB = [128, 96];
const CPU_LIMIT_PERCENT = 1;
const SCRAPE_INTERVAL_MS = 15_000;

/** An exporter of 250 containers in cgroups with little memory or CPU. */
export function prepareLimits(): Workload {
  const host = makeHost(250, 5000);
  return {
    async measure(program) {
      const figures: Figure[] = [];
      for (const limit of MEMORY_LIMITS_MIB) figures.push(...(await withLittleMemory(program, limit, host.flags)));
      return [...figures, ...(await withLittleCpu(program, host.flags))];
    },
    remove: host.remove,
  };
}

async function withLittleMemory(program: Program, limitMiB: number, flags: readonly string[]): Promise<Figure[]> {
  const cgroup = new LimitedCgroup({ memoryMiB: limitMiB });
  try {
    const exporter = await start(program, flags, undefined, { wrapper: cgroup.wrapper });
    const attacked = (attack: Attack) =>
      whileAttacked(exporter, attack, async () => slowest(await scrapes(exporter, 100, 100), exporter));
    const figure = (what: string, value: number) => ({
      what: `cgroup of ${limitMiB} MiB: ${what}`,
      unit: 'ms',
      value,
    });
    try {
      return [
        // Five rounds of the collectors.
        figure('slowest scrape', slowest(await scrapes(exporter, 5, SCRAPE_INTERVAL_MS), exporter)),
        figure('slowest scrape, 1,800 pipelined', await attacked('pipelined')),
        figure('slowest scrape, 300 clients that never read', await attacked('unread')),
      ];
    } finally {
      await exporter.stop();
    }
  } finally {
    cgroup.remove();
  }
}

/** Milliseconds; infinite if the exporter has died. */
function slowest(times: readonly number[], exporter: ExporterProcess): number {
  return hasEnded(exporter) ? Number.POSITIVE_INFINITY : quantile(times, 1);
}

async function withLittleCpu(program: Program, flags: readonly string[]): Promise<Figure[]> {
  const cgroup = new LimitedCgroup({ cpuPercent: CPU_LIMIT_PERCENT });
  try {
    const exporter = await start(program, flags);
    try {
      await scrapes(exporter, 4, SCRAPE_INTERVAL_MS);
      const pid = exporter.process.pid ?? 0;
      const taken = await cpuPercent(pid, () => scrapes(exporter, 4, SCRAPE_INTERVAL_MS));
      const rss = memoryMiB(pid, 'Rss');
      cgroup.enter(pid);
      const times = await scrapes(exporter, 8, SCRAPE_INTERVAL_MS);
      return [
        { what: 'at rest: RSS', unit: 'MiB', value: rss },
        { what: 'at rest: CPU', unit: '% of a core', value: taken, goal: { atMost: CPU_LIMIT_PERCENT } },
        {
          what: `limit of ${CPU_LIMIT_PERCENT} % of a core: slowest scrape`,
          unit: 'ms',
          value: slowest(times, exporter),
        },
        { what: `limit of ${CPU_LIMIT_PERCENT} % of a core: failed scrapes`, unit: '%', value: failedPercent(times) },
      ];
    } finally {
      // It could not end in time by so little CPU.
      exporter.process.kill('SIGKILL');
      await exporter.stop();
    }
  } finally {
    cgroup.remove();
  }
}
