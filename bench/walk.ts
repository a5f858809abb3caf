import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ExporterProcess, until } from '../test/exporter-process.ts';
import { sampleValue } from '../test/exposition-text.ts';
import type { Bench, Figure } from './bench.ts';
import { onlyCollectors, type Program, start } from './program.ts';
import { makeHost, type SyntheticHost } from './synthetic-host.ts';

const DIRECTORIES = 2500;
const FILES_EACH = 400;

/** Walks a layer of a million files without a bound on the rate, beside `du -s`; then again, when nothing has changed. */
export const walk: Bench = {
  name: 'walk',
  async prepare() {
    const host = makeHost(1, 1);
    const [layer = ''] = host.layers;
    makeTree(layer);
    // Fills the kernel's caches.
    timeDu(layer);
    return { measure: (program) => measure(program, host, layer), remove: host.remove };
  },
};

async function measure(program: Program, host: SyntheticHost, layer: string): Promise<Figure[]> {
  const peer = { program: 'du -s', value: timeDu(layer) };
  const exporter = await start(program, [
    ...host.flags,
    ...onlyCollectors(program, 'containers', 'writable_layers'),
    '--collector.writable_layers.entries-per-second=0',
    '--collector.writable_layers.seconds-per-run=0',
    '--collector.writable_layers.schedule=* * * * * *',
  ]);
  try {
    const first = await nextRun(exporter, 0);
    const second = await nextRun(exporter, first.endedAt);
    const files = `${(DIRECTORIES * FILES_EACH).toLocaleString('en')} files`;
    return [
      { what: `walk of ${files}`, unit: 's', value: first.seconds, peer, goal: { timesPeer: 2 } },
      { what: 'next run, nothing changed', unit: 's', value: second.seconds, peer, goal: { timesPeer: 0.1 } },
    ];
  } finally {
    await exporter.stop();
  }
}

interface Run {
  /** Seconds since 1970. */
  readonly endedAt: number;
  readonly seconds: number;
}

/** The first run of the collector that ended after a time and knew of the layer: one may come before the containers are known. */
async function nextRun(exporter: ExporterProcess, after: number): Promise<Run> {
  const read = async () => {
    const text = await exporter.scrape();
    const of = (name: string) =>
      sampleValue(text, `foreshock_collector_${name}`, { collector: 'writable_layers' }) ?? 0;
    const isWalked = text.includes('foreshock_container_writable_layer_bytes{');
    return { endedAt: isWalked ? of('last_success_timestamp_seconds') : 0, seconds: of('duration_seconds') };
  };
  return until(read, ({ endedAt }) => endedAt > after, 600);
}

function makeTree(tree: string): void {
  for (let directory = 0; directory < DIRECTORIES; directory += 1) {
    const path = join(tree, `d${directory % 50}`, `e${directory}`);
    mkdirSync(path, { recursive: true });
    for (let file = 0; file < FILES_EACH; file += 1) writeFileSync(join(path, `file-${file}.log`), '');
  }
}

/** Seconds. */
function timeDu(tree: string): number {
  const start = performance.now();
  execFileSync('du', ['-s', tree]);
  return (performance.now() - start) / 1000;
}
