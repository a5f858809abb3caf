import { createHash } from 'node:crypto';

/** An entry of `node.status.images`. */
export interface Image {
  readonly names: readonly string[];
  readonly sizeBytes: number;
}

/** Images that all nodes choose from. */
const CATALOGUE = Array.from({ length: 400 }, (_, index) => image(index));

/** Every eighth was built on its node: it has a tag and no digest. */
function image(index: number): Image {
  const name = `registry.example/team-${index % 23}/service-${index}`;
  const tag = `${name}:1.${index % 17}.${index % 5}`;
  const sizeBytes = 20_000_000 + ((index * 7_919_317) % 1_500_000_000);
  return { names: index % 8 === 0 ? [tag] : [`${name}@sha256:${digest(name)}`, tag], sizeBytes };
}

/** The images of a node, 20 to 50, the largest first as the kubelet lists them. */
export function imagesOf(node: number): Image[] {
  const count = 20 + (node % 31);
  const images = Array.from({ length: count }, (_, index) => imageAt(node * 13 + index * 7));
  return images.sort((a, b) => b.sizeBytes - a.sizeBytes);
}

/** Any image of the catalogue, the same one for the same index. */
export function imageAt(index: number): Image {
  return CATALOGUE[index % CATALOGUE.length] as Image;
}

/** 64 hexadecimal digits, the same for the same text. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
