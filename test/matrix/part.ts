import type { DebianRelease } from './debian.ts';

/** One thing that is run on several versions of something. Add one: a file here, and a line in index.ts. */
export interface Part {
  readonly name: string;
  /** What is run, one sentence. */
  readonly about: string;
  /** One row for each version, as soon as it is known. */
  rows(context: Context): AsyncIterable<Row>;
}

export interface Context {
  /** Removed after the run. */
  readonly folder: string;
  readonly releases: readonly DebianRelease[];
}

export interface Row {
  /** What it was run on, with versions. */
  readonly on: string;
  readonly outcome: Outcome;
  readonly seconds: number;
}

export type Outcome =
  /** `leftOut` are tests that are not meant to run there. */
  | { readonly result: 'passed'; readonly tests: number; readonly leftOut: number }
  | { readonly result: 'failed'; readonly tests: number; readonly failures: readonly Failure[] }
  | { readonly result: 'not run'; readonly reason: string };

/** A test that failed, or that was skipped where none should be. */
export interface Failure {
  /** With the names of those around it. */
  readonly test: string;
  readonly error: string;
}

/** Times what gives an outcome; an error on the way to it is the reason why nothing was run. */
export async function rowOf(on: string, run: () => Promise<Outcome>): Promise<Row> {
  const start = performance.now();
  const outcome = await run().catch((error: Error): Outcome => ({ result: 'not run', reason: error.message }));
  return { on, outcome, seconds: (performance.now() - start) / 1000 };
}
