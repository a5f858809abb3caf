import { setTimeout as sleep } from 'node:timers/promises';
import type { ExporterProcess } from '../../test/exporter-process.ts';
import type { Figure, Workload } from '../bench.ts';
import { memoryMiB } from '../measure.ts';
import { start } from '../program.ts';
import { idOf, makeHost, type SyntheticHost } from '../synthetic-host.ts';
import { peakMiB } from './victim.ts';

const CONTAINERS = 100_000;
/** So many at a time. */
const GENERATION = 1000;
const WARM_UP = 10;
/** By then every collector has run, or run again. */
const ALL_RAN_AFTER_MS = 75_000;

/** Containers that come and go, each seen by the exporter. */
export function prepareChurn(): Workload {
  const host = makeHost(0, 0);
  return {
    async measure(program) {
      // Often, so that a generation takes a second or two.
      const exporter = await start(program, [...host.flags, '--collector.containers.schedule=* * * * * *']);
      try {
        return await measure(exporter, host);
      } finally {
        await exporter.stop();
      }
    },
    remove: host.remove,
  };
}

async function measure(exporter: ExporterProcess, host: SyntheticHost): Promise<Figure[]> {
  const pid = exporter.process.pid ?? 0;
  await sleep(ALL_RAN_AFTER_MS);
  const before = await exporter.scrape();
  // The memory that one generation takes is what every further one should take.
  for (let generation = 0; generation < WARM_UP; generation += 1) await churn(exporter, host, generation);
  const warm = memoryMiB(pid, 'Rss');
  for (let generation = WARM_UP; generation < CONTAINERS / GENERATION; generation += 1)
    await churn(exporter, host, generation);
  const rss = memoryMiB(pid, 'Rss');
  const what = `${CONTAINERS.toLocaleString('en')} containers that came and went`;
  await sleep(ALL_RAN_AFTER_MS);
  const after = await exporter.scrape();
  return [
    { what: `${what}: peak RSS`, unit: 'MiB', value: peakMiB(exporter) },
    { what: `${what}: RSS ÷ RSS after ${WARM_UP * GENERATION}`, unit: '', value: rss / warm, goal: { atMost: 1.1 } },
    { what: `${what}: lines that stayed`, unit: '', value: linesOf(after) - linesOf(before), goal: { atMost: 0 } },
  ];
}

/** The containers of a generation come, are seen, and go. */
async function churn(exporter: ExporterProcess, host: SyntheticHost, generation: number): Promise<void> {
  const ids = Array.from({ length: GENERATION }, (_, index) => idOf(1 + generation * GENERATION + index));
  host.add(ids);
  await exporter.scrapeUntil((text) => ids.every((id) => text.includes(id)), 60);
  host.take(ids);
}

const linesOf = (text: string) => text.split('\n').length;
