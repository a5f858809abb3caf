import { imageMetrics } from '../../exposition/image-metrics.ts';
import { counter, gauge, type Sample, sample, sampleIfKnown } from '../../exposition/metric.ts';
import { stringProperty } from '../../formats/json.ts';
import { elements } from '../elements.ts';
import { ImageUse } from '../images/image-use.ts';
import { type Image, ImageReader, removedImages, sumBytes, unusedBytes } from '../images/node-images.ts';
import type { KubeNode } from '../objects.ts';
import type { Change, Observer, Watcher } from '../watcher.ts';

export const { images: count, localOnly, localOnlyBytes } = imageMetrics(['node']);
export const removed = counter(
  'foreshock_images_removed_total',
  "Number of images that disappeared from the node's list of images.",
  ['node', 'local_only'],
);
export const unused = gauge(
  'foreshock_unused_image_bytes',
  'Total size in bytes of the images that no pod on the node uses.',
  ['node'],
);

interface NodeState {
  images: readonly Image[];
  removed: number;
  removedLocalOnly: number;
  /** In bytes; undefined when it must be computed again. */
  unused: number | undefined;
}

class ImagesObserver implements Observer {
  readonly #reader = new ImageReader();
  /** Nodes that have listed an image: a node lists none with `nodeStatusMaxImages: 0` and before its first status. */
  readonly #nodes = new Map<string, NodeState>();
  readonly #use = new ImageUse();
  /** Whether any pod is known: if pods cannot be watched, all images would look unused. */
  #podsKnown = false;

  readonly observe: Observer['observe'] = {
    nodes: (change) => this.#node(change),
    pods: (change) => this.#pod(change),
  };

  #node({ type, id: { name: node }, object }: Change<'nodes'>): void {
    if (type === 'deleted') {
      this.#nodes.delete(node);
      return;
    }
    const images = this.#reader.imagesOf(object);
    const state = this.#nodes.get(node);
    // A kubelet that has just started, or whose runtime does not answer, lists no images.
    if (images.length === 0 && !isReady(object)) return;
    if (state) update(state, images);
    else if (images.length > 0) this.#nodes.set(node, { images, removed: 0, removedLocalOnly: 0, unused: undefined });
  }

  #pod({ type, id: { uid }, object }: Change<'pods'>): void {
    if (uid === '') return;
    this.#podsKnown = true;
    const node = stringProperty(object.spec, 'nodeName');
    const phase = stringProperty(object.status, 'phase');
    const usesNothing = type === 'deleted' || !node || phase === 'Succeeded' || phase === 'Failed';
    const changed = usesNothing ? this.#use.remove(uid) : this.#use.put(uid, node, this.#reader.usedBy(object));
    for (const name of changed) {
      const state = this.#nodes.get(name);
      if (state) state.unused = undefined;
    }
  }

  *samples(): Iterable<Sample> {
    for (const [node, state] of this.#nodes) {
      const locals = state.images.filter((image) => image.localOnly);
      yield sample(count, state.images.length, { node });
      yield sample(localOnly, locals.length, { node });
      yield sample(localOnlyBytes, sumBytes(locals), { node });
      yield sample(removed, state.removedLocalOnly, { node, local_only: 'true' });
      yield sample(removed, state.removed, { node, local_only: 'false' });
      yield* sampleIfKnown(unused, this.#unused(node, state), { node });
    }
  }

  #unused(node: string, state: NodeState): number | undefined {
    if (!this.#podsKnown) return undefined;
    state.unused ??= unusedBytes(state.images, this.#use.of(node));
    return state.unused;
  }
}

function isReady({ status }: KubeNode): boolean {
  return elements(status?.conditions).some(({ type, status }) => type === 'Ready' && status === 'True');
}

/** Most status updates have the same images. */
function update(state: NodeState, images: readonly Image[]): void {
  if (images.length === state.images.length && images.every((image, index) => image === state.images[index])) return;
  for (const image of removedImages(state.images, images)) {
    if (image.localOnly) state.removedLocalOnly += 1;
    else state.removed += 1;
  }
  state.images = images;
  state.unused = undefined;
}

export const images: Watcher = {
  name: 'images',
  help: 'images on each node: local-only, removed and unused ones',
  description:
    'From the status in a watch of nodes, which the kubelet renews every 5 minutes and when a condition changes. It ' +
    'lists the 50 largest images unless nodeStatusMaxImages says otherwise. Local-only images have a name but no ' +
    'digest: they were built or imported on the node, so none can be pulled again. Removed images are counted since ' +
    'the exporter started if they are not in the next list, except those that larger images may have pushed out of ' +
    'it; `local_only` says whether they had no digest. Unused images are the most that image garbage collection can ' +
    'free: pods that have ended use none, and the image of pod sandboxes counts as unused where it is listed.',
  metrics: [count, localOnly, localOnlyBytes, removed, unused],
  resources: ['nodes', 'pods'],
  start: () => new ImagesObserver(),
};
