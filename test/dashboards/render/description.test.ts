import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Stat, Table } from '../../../dashboards/panel.ts';
import { describe } from '../../../dashboards/render/description.ts';

const stat: Stat = {
  kind: 'stat',
  title: 'Fans',
  description: 'Noise of the loudest fan.',
  signature: 'log-storm',
  unit: 'count',
  noData: 'No fan',
  width: 4,
  query: { expr: 'noise', legend: 'noise' },
};

test('a description states what is healthy, where alerts fire and what the story was', () => {
  const thresholds = { warning: { value: 60, help: 'Fans wear out.' }, critical: { value: 1200, help: 'Fire.' } };
  const panel: Stat = { ...stat, healthy: 'below 40', story: 'Story 009: 2,000.', thresholds };
  assert.deepEqual(describe(panel).split('\n\n'), [
    'Noise of the loudest fan.',
    'Healthy: below 40.',
    'Warning above 60. Fans wear out.',
    'Critical above 1,200. Fire.',
    'Story 009: 2,000.',
  ]);
});

test('a level without help is only a color, low values can be the bad ones', () => {
  assert.equal(describe({ ...stat, thresholds: { warning: { value: 1 } } }), 'Noise of the loudest fan.');
  const low: Stat = { ...stat, unit: 'ratio', thresholds: { below: true, warning: { value: 0.05, help: 'Dust.' } } };
  assert.match(describe(low), /Warning below 5 %\. Dust\.$/);
});

test('levels of a table are those of its columns, in their units', () => {
  const thresholds = { critical: { value: 5e6, help: 'Loud.' } };
  const { query, ...panel } = stat;
  const table: Table = {
    ...panel,
    kind: 'table',
    labels: {},
    columns: [{ title: 'Rate', expr: query.expr, unit: 'bytes/second', thresholds }],
    sortBy: 'Rate',
  };
  assert.match(describe(table), /\n\nRate: Critical above 5 MB\/s\. Loud\.$/);
});
