import type { Configurable } from '../config/configurable.ts';
import type { Metric, Sample } from '../exposition/metric.ts';
import type { Identity } from './identity.ts';
import type { Objects, Resource } from './objects.ts';

/** When something arrived at the exporter. */
export interface Arrival {
  /** By the monotonic clock, in seconds: ages and intervals count from here. Nodes' clocks may be wrong. */
  readonly arrivedAt: number;
  /** The same in seconds of Unix time, by the exporter's clock: to be compared with times of the API. */
  readonly receivedAt: number;
}

/** A change of an object of the API, as it arrived at the exporter. */
export interface Change<Name extends Resource = Resource> extends Arrival {
  /** `listed`: part of a list, at the start or after a watch that could not be resumed; its history is unknown. */
  readonly type: 'listed' | 'added' | 'modified' | 'deleted';
  /** Which object: taken from its metadata and checked, so a node is read from here and not from the object. */
  readonly id: Identity;
  readonly object: Objects[Name];
}

/** The state of one watcher. It keeps of each object only what its metrics need. */
export interface Observer {
  /** Called for every change of the watcher's resources, in order. */
  readonly observe: { readonly [Name in Resource]?: (change: Change<Name>) => void };
  /**
   * The watch of a resource was interrupted: the next change may have happened in the gap, so no interval may be
   * measured up to it. If a list follows, objects that are missing in it are reported as `deleted`.
   */
  interrupted?(resource: Resource): void;
  /** `unixTime` makes an exported timestamp of a time of the monotonic clock. */
  samples(unixTime: (moment: number) => number): Iterable<Sample>;
}

/**
 * One area of the cluster. Every watcher is an object of this shape in the list of `watchers/index.ts`. Users know it
 * as a collector, by its flag `--collector.<name>` and its label `collector`, as the collectors of the node role; in
 * the code it is a watcher, because it is fed by watches and runs on no schedule.
 */
export interface Watcher extends Configurable {
  /** Where its values come from and what to know about them: Markdown sentences for docs/metrics.md. */
  readonly description: string;
  readonly metrics: readonly Metric[];
  /** The resources that it observes. */
  readonly resources: readonly Resource[];
  /** A new observer, without state. */
  start(): Observer;
}
