import assert from 'node:assert/strict';
import { Tree } from '../../../../exporter/node/host/tree.ts';
import { type LayerUsage, type WalkOptions, walkLayer } from '../../../../exporter/node/layers/walk.ts';

/** A walk in which nothing may go wrong, and in which all directories have long been settled if `unixTime` is later. */
export function walk(layer: string, options: Partial<WalkOptions> = {}): LayerUsage {
  const fault = (path: string, error: unknown) => assert.fail(`${path}: ${String(error)}`);
  const usage = walkLayer(new Tree('/'), layer, {
    depth: 0,
    directories: 100,
    unixTime: () => 0,
    pace: () => {},
    fault,
    ...options,
  });
  assert.ok(usage);
  return usage;
}
