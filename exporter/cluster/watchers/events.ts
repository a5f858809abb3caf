import { counter, gauge, type Sample, sample, sampleIfKnown } from '../../exposition/metric.ts';
import { messageOf, nodeOf, timeOf } from '../events/event.ts';
import { REASONS, type Reason, reasonOf } from '../events/event-reason.ts';
import { type ImageGcFailure, parseImageGcFailure } from '../events/image-gc-failure.ts';
import { Occurrences } from '../events/occurrences.ts';
import { ByNode } from '../nodes/by-node.ts';
import type { KubeEvent } from '../objects.ts';
import type { Change, Observer, Watcher } from '../watcher.ts';

export const occurrences = counter(
  'foreshock_node_events_total',
  'Number of Kubernetes events about the node and what runs there, by reason.',
  ['node', 'reason'],
);
export const failures = counter(
  'foreshock_image_gc_failures_total',
  'Number of image garbage collections that failed or did not free enough.',
  ['node'],
);
export const lastWanted = gauge(
  'foreshock_image_gc_last_wanted_bytes',
  'Bytes that the last failed image garbage collection wanted to free.',
  ['node'],
);
export const lastFreed = gauge(
  'foreshock_image_gc_last_freed_bytes',
  'Bytes that the last failed image garbage collection freed.',
  ['node'],
);

export const implausible = counter(
  'foreshock_event_counts_capped_total',
  'Number of changes of events whose claimed occurrences were implausibly many and counted as fewer.',
);

interface NodeEvents {
  /** In the order of REASONS. */
  readonly counts: number[];
  failures: number;
  last: ImageGcFailure | undefined;
  /** When the last failure happened, in seconds of Unix time by the node's clock. */
  lastAt: number;
}

const INDEX = new Map(REASONS.map((reason, index) => [reason, index]));

class EventsObserver implements Observer {
  readonly #nodes = new ByNode<NodeEvents>(() => ({
    counts: REASONS.map(() => 0),
    failures: 0,
    last: undefined,
    lastAt: 0,
  }));
  readonly #occurrences = new Occurrences();
  /** When the last event arrived, in seconds of Unix time. */
  #lastEventAt: number | undefined;

  readonly observe: Observer['observe'] = {
    nodes: (change) => this.#nodes.observe(change),
    events: (change) => this.#event(change),
  };

  interrupted(resource: string): void {
    if (resource === 'events') this.#occurrences.interrupted(this.#lastEventAt);
  }

  #event(change: Change<'events'>): void {
    this.#lastEventAt = change.receivedAt;
    // Of a deleted event only its identity may be known.
    const reason = change.type === 'deleted' ? undefined : reasonOf(change.object);
    if (change.type !== 'deleted' && !reason) return;
    const times = this.#occurrences.count(change);
    if (!reason) return;
    const node = nodeOf(change.object);
    if (node) count(this.#nodes.of(node), change, reason, times);
  }

  *samples(): Iterable<Sample> {
    yield sample(implausible, this.#occurrences.implausible, {});
    for (const [node, state] of this.#nodes) {
      for (const [index, reason] of REASONS.entries())
        yield sample(occurrences, state.counts[index] ?? 0, { node, reason });
      yield sample(failures, state.failures, { node });
      yield* sampleIfKnown(lastWanted, state.last?.wanted, { node });
      yield* sampleIfKnown(lastFreed, state.last?.freed, { node });
    }
  }
}

function count(node: NodeEvents, { object, receivedAt, type }: Change<'events'>, reason: Reason, times: number): void {
  const index = INDEX.get(reason) ?? 0;
  node.counts[index] = (node.counts[index] ?? 0) + times;
  if (reason !== 'FreeDiskSpaceFailed' && reason !== 'ImageGCFailed') return;
  const failure = parseImageGcFailure(messageOf(object));
  if (!isRepeated(reason, failure)) node.failures += times;
  // The events of a list are in no order, and old ones are among them.
  if (failure && (times > 0 || type === 'listed')) keepLatest(node, failure, timeOf(object) ?? receivedAt);
}

/**
 * From the second failure in a row on, the kubelet sends both events (pkg/kubelet/kubelet.go, StartGarbageCollection).
 */
function isRepeated(reason: KubeEvent['reason'], failure: ImageGcFailure | undefined): boolean {
  return reason === 'ImageGCFailed' && (failure?.insufficient ?? false);
}

function keepLatest(node: NodeEvents, failure: ImageGcFailure, at: number): void {
  if (at < node.lastAt) return;
  node.last = failure;
  node.lastAt = at;
}

export const events: Watcher = {
  name: 'events',
  help: 'events about nodes by reason, and failed image garbage collections',
  description:
    'From a watch of events, updated within about a second. Counted since the exporter started, by the count in each ' +
    'Event, which the kubelet stops raising for a node that has many; one change adds at most 10,000. ' +
    'FailedToPullImage, ImagePullBackOff and SandboxImageMissing are distinguished from Failed, BackOff and FailedCreatePodSandBox by the message. Failed ' +
    'collections are those of the events FreeDiskSpaceFailed and ImageGCFailed; the kubelet collects every 5 ' +
    'minutes. Wanted and freed bytes are as old as their event; kubelets since 1.35 do not report the wanted bytes.',
  metrics: [occurrences, failures, lastWanted, lastFreed, implausible],
  resources: ['nodes', 'events'],
  start: () => new EventsObserver(),
};
