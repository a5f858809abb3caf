import type { DaemonProcess } from '../daemons/daemon-processes.ts';
import type { Kubelet } from '../kubelet/kubelet.ts';
import type { Location } from '../locations/location.ts';
import type { Report } from '../report.ts';
import type { EnabledRuntimes } from '../systemd/enabled-runtimes.ts';
import type { MountFacts } from './mount-facts.ts';
import type { Visibility } from './visibility.ts';

/** Something that was found out about the host, and when. */
export interface Fact<Value> {
  /** Seconds by the monotonic clock. */
  readonly foundAt: number;
  readonly value: Value;
}

/** The daemons that ran when all processes were last searched for them. */
export type DaemonLookup = Fact<readonly DaemonProcess[]>;

/**
 * What several collectors need to know of the host, as the `containers` collector last found it. What it could not find
 * is absent. All are plain values, so that they can cross threads, and small, as every run is given them.
 */
export interface Facts {
  readonly mounts?: Fact<MountFacts>;
  readonly daemons?: DaemonLookup;
  readonly kubelet?: Fact<Kubelet>;
  readonly locations?: Fact<readonly Location[]>;
  /** Runtimes that the host starts by itself. */
  readonly enabledRuntimes?: Fact<EnabledRuntimes>;
  readonly visibility?: Fact<Visibility>;
  /** How many containers run of which no file says who they are. */
  readonly unidentified?: Fact<number>;
}

/** What it takes to look a fact up, or to find it. */
export interface FactContext extends Pick<Report, 'host' | 'progress'> {
  readonly facts: Facts;
  /** Seconds by the monotonic clock. */
  now(): number;
}

/**
 * Age in seconds up to which a fact of the last round is taken for true: that of several rounds of the default schedule.
 * When it is older the rounds are rare, or have stopped, for example because a disk hangs. Then whoever needs the fact
 * finds it for itself, so that it does not depend on that disk, too.
 */
export const MAX_AGE_SECONDS = 120;

/** A fact that is younger than `maxAgeSeconds`, undefined otherwise. */
export function ifRecent<Value>(
  fact: Fact<Value> | undefined,
  now: number,
  maxAgeSeconds = MAX_AGE_SECONDS,
): Fact<Value> | undefined {
  return fact && now - fact.foundAt < maxAgeSeconds ? fact : undefined;
}
