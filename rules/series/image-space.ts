import * as imageFilesystem from '../../exporter/node/collectors/image-filesystem.ts';
import type { Expressions } from '../expressions.ts';
import { promql } from '../promql.ts';

const { available, size } = imageFilesystem;

/** Share of the image filesystem in use as the kubelet counts it, blocks reserved for root included. */
export function usedShare({ perNode }: Expressions): string {
  return perNode(promql`1 - ${available} / ${size}`);
}

/**
 * Bytes available after so many seconds at the slower rate of the last two half hours: a pull is a step in one of them,
 * not a trend. No prediction for a node in its first half hour.
 */
export function availableIn(seconds: number, { perNode }: Expressions): string {
  return perNode(promql`
    ${available} + ${seconds} * (
      deriv(${available}[30m]) > deriv(${available}[30m] offset 30m)
      or
      deriv(${available}[30m] offset 30m)
    )`);
}
