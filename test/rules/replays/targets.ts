import type { Labels } from './series.ts';

/** How long a replay may last, for what is computed ahead. */
export interface Span {
  readonly seconds: number;
}

export const CLUSTER = 'eu';

/** A pod that the healthy node runs. */
export const WEB: Labels = { namespace: 'shop', pod: 'web-5c9d', container: 'app' };

/** The labels that targets of a node have. */
export function nodeLabels(node: string): Labels {
  return { cluster: CLUSTER, node };
}

/** The address of a node, for the targets that are not named after it. */
export function instanceOf(node: string, port: number): string {
  const number = [...node].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 2 ** 24, 7);
  return `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}:${port}`;
}
