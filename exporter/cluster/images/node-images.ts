import { elements } from '../elements.ts';
import type { KubeNode, KubePod } from '../objects.ts';
import { imageKey, isDigest } from './image-name.ts';
import { Interned } from './interned.ts';

/** An image in `node.status.images`. */
export interface Image {
  readonly bytes: number;
  /** One for each name; none for an image without a name. */
  readonly keys: readonly string[];
  /** Whether it has names but none with a digest: as far as the runtime knows, it was built or imported on the node. */
  readonly localOnly: boolean;
}

/** Names of different images in the cluster, or of sets of images that pods use: 50,000 with 200 characters each. */
const MAX_INTERNED_CHARACTERS = 10_000_000;

/**
 * Characters of a name: a scheme, a name of 255, a tag of 128 and a digest of 71 (github.com/distribution/reference). No
 * runtime can have an image with a longer one, but anyone who may create pods can write it into their specs.
 */
const MAX_NAME_LENGTH = 512;

/** Reads the images of nodes and pods, which mostly have the same ones: these are kept once. */
export class ImageReader {
  readonly #images = new Interned<Image>(MAX_INTERNED_CHARACTERS);
  readonly #used = new Interned<readonly string[]>(MAX_INTERNED_CHARACTERS);

  /** The images that a node lists; the kubelet leaves out an empty list. */
  imagesOf({ status }: KubeNode): readonly Image[] {
    return elements(status?.images).map(({ names, sizeBytes }) => {
      const known = Array.isArray(names) ? names.filter(isName) : [];
      const bytes = typeof sizeBytes === 'number' && sizeBytes > 0 ? sizeBytes : 0;
      return this.#images.get(`${bytes} ${known.join(' ')}`, () => toImage(known, bytes));
    });
  }

  /** The keys of the images of a pod's containers, by the names in its spec and in its status. */
  usedBy({ spec, status }: KubePod): readonly string[] {
    const specified = [spec?.containers, spec?.initContainers, spec?.ephemeralContainers].flatMap(elements);
    const reported = [
      status?.containerStatuses,
      status?.initContainerStatuses,
      status?.ephemeralContainerStatuses,
    ].flatMap(elements);
    const names = [
      ...specified.map(({ image }) => image),
      ...reported.flatMap(({ image, imageID }) => [image, imageID]),
    ];
    const distinct = [...new Set(names.filter(isName))];
    return this.#used.get(distinct.join(' '), () => keysOf(distinct));
  }
}

function isName(name: unknown): name is string {
  return typeof name === 'string' && name.length <= MAX_NAME_LENGTH;
}

function toImage(names: readonly string[], bytes: number): Image {
  const keys = keysOf(names);
  return { bytes, keys, localOnly: keys.length > 0 && !names.some(isDigest) };
}

function keysOf(names: readonly string[]): readonly string[] {
  return [...new Set(names.flatMap((name) => imageKey(name) ?? []))];
}

/**
 * The images in one list of a node that are missing in the next one: none of their names is left. The kubelet lists the
 * largest images, 50 unless `nodeStatusMaxImages` says otherwise: if the list is not shorter than before, larger images
 * may have pushed the smallest out of it. Images without a name cannot be compared and never count as removed.
 */
export function removedImages(before: readonly Image[], now: readonly Image[]): readonly Image[] {
  const keys = new Set(now.flatMap((image) => image.keys));
  const mayBeFull = now.length >= before.length;
  const smallest = Math.min(...now.map(({ bytes }) => bytes));
  return before.filter((image) => {
    const isGone = image.keys.length > 0 && !image.keys.some((key) => keys.has(key));
    return isGone && !(mayBeFull && image.bytes <= smallest);
  });
}

/** Bytes of the images that have no name among the used keys. */
export function unusedBytes(images: readonly Image[], used: ReadonlySet<string>): number {
  return sumBytes(images.filter(({ keys }) => !keys.some((key) => used.has(key))));
}

export function sumBytes(images: readonly Image[]): number {
  return images.reduce((sum, { bytes }) => sum + bytes, 0);
}
