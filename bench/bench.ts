import type { Program } from './program.ts';

/** Something that was measured once. */
export interface Figure {
  /** Names it in the table; the same in every round, with every build. */
  readonly what: string;
  readonly unit: string;
  readonly value: number;
  /** The most that it should be: so much, in its unit, or so many times what the peer takes. */
  readonly goal?: { readonly atMost: number } | { readonly timesPeer: number };
  /** Another program that did the same work in the same run, in the same unit. */
  readonly peer?: { readonly program: string; readonly value: number };
}

/** A comparison that `npm run bench` knows by its name. Add one: a file here, and a line in index.ts. */
export interface Bench {
  readonly name: string;
  /** Makes what the builds are measured on: it comes from this tree, whichever build is measured. */
  prepare(): Promise<Workload>;
}

export interface Workload {
  /** Runs a build on it. Called once a round for each build, never for two at a time. */
  measure(program: Program): Promise<readonly Figure[]>;
  /** Removes what was made, after the last round. */
  remove(): void;
}
