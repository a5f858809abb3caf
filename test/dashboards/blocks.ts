import { execFile } from 'node:child_process';
import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Labels, seriesKey } from '../rules/replays/series.ts';

/** A series with its samples: [Unix time, value]. */
export interface Samples {
  /** Name and labels as Prometheus writes them. */
  readonly series: string;
  readonly values: readonly (readonly [number, number])[];
}

/** A series by its labels, of which `__name__` is one. */
export function samplesOf(labels: Labels, values: Samples['values']): Samples {
  const { __name__: name = '', ...others } = labels;
  return { series: seriesKey(name, others), values };
}

/** One series of those that are called the same, as when one part of an `or` goes on where another ends. */
export function joined(all: readonly Samples[]): Samples[] {
  const bySeries = new Map<string, Map<number, number>>();
  for (const { series, values } of all) {
    bySeries.set(series, new Map([...(bySeries.get(series) ?? []), ...values]));
  }
  return [...bySeries].map(([series, values]) => ({ series, values: [...values].sort(([a], [b]) => a - b) }));
}

/** Seconds that a block holds. */
const BLOCK = 7200;

/** Adds samples to the data of the Prometheus in a directory, which sees them when it is started again. */
export async function addBlocks(directory: string, all: Iterable<Samples>): Promise<void> {
  // One file a block: promtool reads the whole of a file for each of its blocks.
  const files = new Map<number, string>();
  for (const { series, values } of all) {
    const blockOf = ([time]: readonly [number, number]) => Math.floor(time / BLOCK);
    for (const block of new Set(values.map(blockOf))) {
      const file = files.get(block) ?? join(directory, `block-${block}.txt`);
      files.set(block, file);
      appendFileSync(file, openMetrics({ series, values: values.filter((one) => blockOf(one) === block) }));
    }
  }
  for (const file of files.values()) {
    appendFileSync(file, '# EOF\n');
    const command = ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', file, join(directory, 'data')];
    await promisify(execFile)('promtool', command, { timeout: 300_000 });
    rmSync(file);
  }
}

/** Lines of the OpenMetrics text format, which without a TYPE line leaves the type unknown. */
function openMetrics({ series, values }: Samples): string {
  const text = (value: number) => String(value).replace('Infinity', 'Inf');
  return values.map(([time, value]) => `${series} ${text(value)} ${time}\n`).join('');
}
