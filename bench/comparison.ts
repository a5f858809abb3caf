import type { Bench, Figure } from './bench.ts';
import type { Program } from './program.ts';
import { type Summary, summaryOf } from './statistics.ts';

/** A figure after all rounds. */
export interface Row {
  readonly what: string;
  readonly unit: string;
  /** By the names of the programs; a build that lacks the figure is left out. */
  readonly builds: ReadonlyMap<string, Summary>;
  readonly peer?: Summary & { readonly program: string };
  readonly goal?: Figure['goal'];
}

/** What one build gave in one round. */
export interface Measurement {
  readonly program: string;
  readonly figures: readonly Figure[];
}

/** Measures the builds in turn, so many rounds: what slows the machine for a while slows both. */
export async function compare(bench: Bench, programs: readonly Program[], rounds: number): Promise<Row[]> {
  const workload = await bench.prepare();
  try {
    const measurements: Measurement[] = [];
    for (let round = 0; round < rounds; round += 1) {
      for (const program of programs)
        measurements.push({ program: program.name, figures: await workload.measure(program) });
    }
    return rowsOf(measurements);
  } finally {
    workload.remove();
  }
}

/** One row for each figure, in the order in which they were first measured. */
export function rowsOf(measurements: readonly Measurement[]): Row[] {
  const all = measurements.flatMap(({ program, figures }) => figures.map((figure) => ({ program, ...figure })));
  return [...new Set(all.map(({ what }) => what))].map((what) => {
    const measured = all.filter((figure) => figure.what === what);
    const programs = [...new Set(measured.map(({ program }) => program))];
    const builds = programs.map((program) => {
      const values = measured.filter((figure) => figure.program === program).map(({ value }) => value);
      return [program, summaryOf(values)] as const;
    });
    const peers = measured.flatMap(({ peer }) => peer ?? []);
    const { unit = '', goal } = measured.at(-1) ?? {};
    return {
      what,
      unit,
      builds: new Map(builds),
      ...(peers[0] && { peer: { program: peers[0].program, ...summaryOf(peers.map(({ value }) => value)) } }),
      ...(goal && { goal }),
    };
  });
}
