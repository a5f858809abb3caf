import { available, size } from '../../exporter/node/collectors/image-filesystem.ts';
import type { Expressions } from '../expressions.ts';
import { promql } from '../promql.ts';

/** Share of the image filesystem in use as the kubelet counts it, what is kept for root included. */
export function usedShare({ perNode }: Expressions): string {
  return perNode(promql`1 - ${available} / ${size}`);
}

/**
 * Bytes available after so many seconds at the slower pace of the last two half hours: a pull is a step that lies in one
 * of them, so it is no trend; nothing is foretold of a node in its first half hour.
 */
export function availableIn(seconds: number, { perNode }: Expressions): string {
  return perNode(promql`
    ${available} + ${seconds} * (
      deriv(${available}[30m]) > deriv(${available}[30m] offset 30m)
      or
      deriv(${available}[30m] offset 30m)
    )`);
}
