import type { Exposition, Omissions } from '../../exposition/exposition.ts';
import type { HostPaths } from '../host/host.ts';
import type { Notice } from '../report.ts';

/** What all worker threads are started with. */
export interface WorkerSettings {
  readonly paths: HostPaths;
  /** The collectors' own options, by collector. */
  readonly options: Readonly<Record<string, Readonly<Record<string, string | number | boolean>>>>;
  /** Whether the program ends after one run of each collector. */
  readonly once?: boolean;
  /** URL of a module that exports other `collectors`, for tests. */
  readonly collectors?: string;
}

/** One run of one collector. States are serialized: the main thread keeps them and never looks inside. */
export interface RunRequest {
  readonly collector: string;
  readonly inventory: Uint8Array | undefined;
  readonly state: Uint8Array | undefined;
}

/** A run as a thread is given it, with the memory in which it notes its progress. */
export interface ThreadRequest extends RunRequest {
  readonly progress: SharedArrayBuffer;
}

/** A thing that a collector could not read. */
export interface Fault {
  readonly about: string;
  readonly message: string;
}

/** How a run ended. */
export interface RunResult {
  readonly exposition: Exposition;
  readonly omissions: Omissions;
  readonly unmeasured: Readonly<Record<string, number>>;
  /** Why nobody should rely on any metric now. */
  readonly notReady: string | undefined;
  readonly state: Uint8Array | undefined;
  readonly faults: readonly Fault[];
  /** What this host does not have. */
  readonly absent: readonly string[];
  readonly notices: readonly Notice[];
  readonly seconds: number;
}

/** How a run ended that had no result. */
export interface Failure {
  readonly message: string;
  readonly seconds: number;
  /** What the collector does not measure; of a run that did not begin, because the host is not to be seen. */
  readonly unmeasured?: Readonly<Record<string, number>>;
}

/** What a worker thread says of a run. */
export type WorkerMessage = { readonly collector: string } & (
  | { readonly kind: 'started' }
  | { readonly kind: 'done'; readonly result: RunResult }
  | ({ readonly kind: 'failed' } & Failure)
);
