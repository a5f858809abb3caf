import { elements } from '../elements.ts';
import type { KubeNode, KubePod } from '../objects.ts';
import { imageKey, isDigest } from './image-name.ts';
import { Interned } from './interned.ts';

/** An image in `node.status.images`. */
export interface Image {
  readonly bytes: number;
  /** Each name in one form; none for an image without a name. */
  readonly keys: readonly string[];
  /** It has names and none with a digest: built or imported on the node, as far as the runtime knows. */
  readonly localOnly: boolean;
}

/** Different images, and sets of images that pods use, in a cluster. */
const LIMIT = 50_000;

/** Reads images. Nodes and pods mostly have the same ones, which are kept once. */
export class ImageReader {
  readonly #images = new Interned<Image>(LIMIT);
  readonly #used = new Interned<readonly string[]>(LIMIT);

  /** The images that a node lists; the kubelet leaves out an empty list. */
  imagesOf({ status }: KubeNode): readonly Image[] {
    return elements(status?.images).map(({ names, sizeBytes }) => {
      const known = Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
      const bytes = typeof sizeBytes === 'number' && sizeBytes > 0 ? sizeBytes : 0;
      return this.#images.get(`${bytes} ${known.join(' ')}`, () => toImage(known, bytes));
    });
  }

  /** The keys of the images of a pod's containers, by the names in its specification and those that its node reported. */
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
    const distinct = [...new Set(names.filter((name) => typeof name === 'string'))];
    return this.#used.get(distinct.join(' '), () => keysOf(distinct));
  }
}

function toImage(names: readonly string[], bytes: number): Image {
  const keys = keysOf(names);
  return { bytes, keys, localOnly: keys.length > 0 && !names.some(isDigest) };
}

function keysOf(names: readonly string[]): readonly string[] {
  return [...new Set(names.flatMap((name) => imageKey(name) ?? []))];
}

/**
 * The images of one list of a node that are gone from its next one: none of their names is left. The kubelet lists the
 * largest images, 50 unless `nodeStatusMaxImages` says otherwise: where the list is not shorter than before, the smallest
 * may only have been pushed out of it by larger ones. One without a name cannot be told apart.
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

/** Bytes of the images of which none of the used keys is a name. */
export function unusedBytes(images: readonly Image[], used: ReadonlySet<string>): number {
  return sumBytes(images.filter(({ keys }) => !keys.some((key) => used.has(key))));
}

export function sumBytes(images: readonly Image[]): number {
  return images.reduce((sum, { bytes }) => sum + bytes, 0);
}
