import { execFile } from 'node:child_process';
import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
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

/** Adds samples to the data of the Prometheus in a directory, which sees them when it is started again. */
export async function addBlocks(directory: string, all: Iterable<Samples>): Promise<void> {
  const file = join(directory, 'openmetrics.txt');
  writeFileSync(file, '');
  for (const samples of all) appendFileSync(file, openMetrics(samples));
  appendFileSync(file, '# EOF\n');
  await promisify(execFile)(
    'promtool',
    ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', file, join(directory, 'data')],
    { timeout: 300_000 },
  );
  rmSync(file);
}

/** Lines of the OpenMetrics text format, which without a TYPE line leaves the type unknown. */
function openMetrics({ series, values }: Samples): string {
  const text = (value: number) => String(value).replace('Infinity', 'Inf');
  return values.map(([time, value]) => `${series} ${text(value)} ${time}\n`).join('');
}
