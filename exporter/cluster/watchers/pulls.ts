import {
  type Distribution,
  gauge,
  histogram,
  noObservations,
  observe,
  type Sample,
  sample,
} from '../../exposition/metric.ts';
import { stringProperty } from '../../formats/json.ts';
import { isKubeletStart, messageOf, nodeOf, timeOf } from '../events/event.ts';
import { imageIn, type PullDurations, parsePullDurations } from '../events/pull-message.ts';
import { type PullKey, type PullStart, PullsInFlight } from '../events/pulls-in-flight.ts';
import { ByNode } from '../nodes/by-node.ts';
import type { KubeEvent } from '../objects.ts';
import type { Change, Observer, Watcher } from '../watcher.ts';

/** In seconds; only a few, because each node has two of these histograms. */
const BUCKETS = [1, 10, 60, 300, 600, 1200];

export const inFlight = gauge(
  'foreshock_image_pulls_in_flight',
  'Number of image pulls on the node that are in progress or waiting.',
  ['node'],
);
export const oldestStart = gauge(
  'foreshock_image_pull_oldest_start_timestamp_seconds',
  "Unix time in seconds when the node's oldest image pull in flight began.",
  ['node', 'image'],
);
export const duration = histogram(
  'foreshock_image_pull_duration_seconds',
  'Seconds that image pulls took, without waiting for others.',
  BUCKETS,
  ['node'],
);
export const wait = histogram(
  'foreshock_image_pull_wait_seconds',
  "Seconds that image pulls waited in the kubelet's queue behind others.",
  BUCKETS,
  ['node'],
);

/** Characters of an image's name in a label: name 255, tag 128 (distribution/reference), digest 71, and separators. */
const MAX_IMAGE_LENGTH = 456;

/** Characters of the uid of a pod, and of its container or image. */
const MAX_ID_LENGTH = 1024;

interface NodeDurations {
  transfer: Distribution;
  wait: Distribution;
}

const NO_PULLS = noObservations(BUCKETS);

/** Reasons of events that a container has only while no pull of it is in flight. */
const END_REASONS: ReadonlySet<unknown> = new Set(['Pulled', 'Failed', 'BackOff', 'ErrImageNeverPull']);

class PullsObserver implements Observer {
  readonly #nodes = new ByNode<NodeDurations>(() => ({ transfer: NO_PULLS, wait: NO_PULLS }));
  readonly #pulls = new PullsInFlight();
  /** When the last change arrived, by the monotonic clock. */
  #now = 0;

  readonly observe: Observer['observe'] = {
    nodes: (change) => this.#node(change),
    events: (change) => this.#event(change),
    pods: ({ type, id: { uid } }) => {
      if (type === 'deleted' && uid !== '') this.#pulls.podDeleted(uid);
    },
  };

  #node(change: Change<'nodes'>): void {
    this.#now = change.arrivedAt;
    this.#nodes.observe(change);
    if (change.type === 'deleted') this.#pulls.kubeletRestarted(change.id.name);
  }

  #event(change: Change<'events'>): void {
    this.#now = change.arrivedAt;
    if (change.type === 'deleted') return;
    const node = nodeOf(change.object);
    if (!node) return;
    if (change.type === 'listed') this.#listed(node, change);
    else this.#happened(node, change);
  }

  #happened(node: string, { object, ...arrival }: Change<'events'>): void {
    if (isKubeletStart(object)) {
      this.#pulls.kubeletRestarted(node);
      return;
    }
    const { reason } = object;
    if (reason === 'Pulling') this.#pulls.started(startOf(node, object, timeOf(object) ?? arrival.receivedAt), arrival);
    else if (END_REASONS.has(reason)) this.#pulls.ended(keyOf(node, object));
    const durations = reason === 'Pulled' && parsePullDurations(messageOf(object));
    if (durations) add(this.#nodes.of(node), durations);
  }

  /** An event of the past: its durations do not count, but a pull that it started may still be in flight. */
  #listed(node: string, { object, ...arrival }: Change<'events'>): void {
    const at = timeOf(object);
    if (at === undefined) return;
    const { reason } = object;
    if (isKubeletStart(object)) this.#pulls.listedRestart(node, at);
    else if (reason === 'Pulling') this.#pulls.listedStart(startOf(node, object, at), arrival);
    else if (END_REASONS.has(reason)) this.#pulls.listedEnd(keyOf(node, object), at);
  }

  *samples(unixTime: (moment: number) => number): Iterable<Sample> {
    const pulls = this.#pulls.byNode(this.#now);
    for (const [node, durations] of this.#nodes) {
      const { count = 0, oldest } = pulls.get(node) ?? {};
      yield sample(inFlight, count, { node });
      if (oldest) yield sample(oldestStart, unixTime(oldest.since), { node, image: oldest.image });
      yield sample(duration, durations.transfer, { node });
      yield sample(wait, durations.wait, { node });
    }
  }
}

/** Events about a container have its name in `fieldPath`; events about the image of a volume do not. */
function keyOf(node: string, event: KubeEvent): PullKey {
  const uid = stringProperty(event.involvedObject, 'uid') ?? '';
  const part = stringProperty(event.involvedObject, 'fieldPath') || imageIn(messageOf(event));
  return { node, id: copyOf(`${uid} ${part ?? ''}`, MAX_ID_LENGTH) };
}

function startOf(node: string, event: KubeEvent, reportedAt: number): PullStart {
  const image = imageIn(messageOf(event)) ?? '';
  return { ...keyOf(node, event), image: copyOf(image, MAX_IMAGE_LENGTH), reportedAt };
}

/** The beginning of a text in memory of its own: a part of a string keeps the whole string, a message for one. */
function copyOf(text: string, maxLength: number): string {
  return Buffer.from(text.slice(0, maxLength)).toString();
}

function add(durations: NodeDurations, pull: PullDurations): void {
  durations.transfer = observe(BUCKETS, durations.transfer, pull.transfer);
  durations.wait = observe(BUCKETS, durations.wait, pull.wait);
}

export const pulls: Watcher = {
  name: 'pulls',
  help: 'image pulls in flight, and how long pulls took and waited',
  description:
    "From a watch of the kubelet's events Pulling, Pulled, Failed and BackOff, updated within about a second. Pulls " +
    'in flight include waiting ones; one whose end is not reported is forgotten with its pod, after an hour or when ' +
    'the kubelet restarts. The oldest one began when its Pulling event arrived. It has one series per node, with its ' +
    'image, and none if nothing is pulled; others wait for it if the node pulls one image at a time. Durations and ' +
    'waits are from Pulled events since the exporter started, of kubelets since 1.26: older ones do not report the ' +
    'two separately.',
  metrics: [inFlight, oldestStart, duration, wait],
  resources: ['nodes', 'events', 'pods'],
  start: () => new PullsObserver(),
};
