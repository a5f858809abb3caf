import type { Configurable } from '../config/configurable.ts';
import type { Metric, Sample } from '../exposition/metric.ts';
import type { Identity } from './identity.ts';
import type { Objects, Resource } from './objects.ts';

/** An object of the API as it arrived here. */
export interface Change<Name extends Resource = Resource> {
  /** `listed`: part of a list, at the start or when a watch could not be resumed; what happened before it is unknown. */
  readonly type: 'listed' | 'added' | 'modified' | 'deleted';
  /** Which object: taken from its metadata and checked, so a node is read from here and not from the object. */
  readonly id: Identity;
  readonly object: Objects[Name];
  /** When it arrived, by our clock, in seconds of Unix time. Ages are counted from here: clocks of nodes may be wrong. */
  readonly receivedAt: number;
}

/** What one watcher has seen so far. It keeps of each object only what its metrics need. */
export interface Observer {
  /** Called for every change of the watcher's resources, in order. */
  readonly observe: { readonly [Name in Resource]?: (change: Change<Name>) => void };
  /**
   * The watch of a resource broke: what arrives next may have happened while nobody looked, so no interval may be
   * measured up to it. An object missing from the list that may follow comes as `deleted`.
   */
  interrupted?(resource: Resource): void;
  samples(): Iterable<Sample>;
}

/**
 * One area of the cluster. Every watcher is an object of this shape in the list of `watchers/index.ts`. Users know it as
 * a collector, by its flag `--collector.<name>` and its label `collector`, as the collectors of the node role; in the
 * code it is a watcher, because it is fed by watches and runs on no schedule.
 */
export interface Watcher extends Configurable {
  /** Where its values come from and what to know about them: Markdown sentences for docs/metrics.md. */
  readonly description: string;
  readonly metrics: readonly Metric[];
  /** What it watches. */
  readonly resources: readonly Resource[];
  /** An observer that has seen nothing yet. */
  start(): Observer;
}
