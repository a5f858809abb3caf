import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Field } from '../fields.ts';
import type { PanelModel } from '../model.ts';
import { tableOf } from './table.ts';

const field = (refId: string, labels: Record<string, string>, value: number): Field => {
  return { refId, name: '', labels, values: [[60, value]], config: {} };
};

const panel = (...transformations: { id: string; options: object }[]): PanelModel => ({
  id: 1,
  type: 'table',
  title: 'Containers',
  gridPos: { x: 0, y: 0, w: 24, h: 8 },
  targets: ['A', 'B'].map((refId) => ({ refId, expr: 'up' })),
  options: { sortBy: [{ displayName: 'Value #B', desc: true }] },
  transformations,
});

test('answers about the same labels share a row; columns are left out, ordered and named', () => {
  const fields = [
    field('A', { node: 'node-a', pod: 'web' }, 1),
    field('A', { node: 'node-a', pod: 'java' }, 2),
    field('B', { node: 'node-a', pod: 'java' }, 3),
  ];
  const organize = {
    excludeByName: { Time: true, node: true },
    indexByName: { pod: 0, 'Value #B': 1, 'Value #A': 2 },
    renameByName: { pod: 'Pod' },
  };
  const { columns, rows } = tableOf(panel({ id: 'merge', options: {} }, { id: 'organize', options: organize }), fields);
  assert.deepEqual(columns, ['Pod', 'Value #B', 'Value #A']);
  assert.deepEqual(rows, [
    ['java', 3, 2],
    ['web', undefined, 1],
  ]);
});

test('a transformation that is not drawn here is not passed over', () => {
  assert.throws(() => tableOf(panel({ id: 'pivot', options: {} }), []), /pivot/);
});
