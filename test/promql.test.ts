import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from './promql.ts';
import { checkLabels } from './promql-labels.ts';

test('an expression is taken apart', () => {
  const { errors, selectors, groupings } = parse(
    'max by (node) (rate(a_total{b="c",d=~"e|f"}[5m])) > on (node) group_left (x) 2 * z and count({__name__="q"})',
  );
  assert.deepEqual(errors, []);
  assert.deepEqual(
    selectors.map(({ metric, within, existence, calculated }) => [metric, within, existence, calculated]),
    [
      ['a_total', ['rate', 'max'], false, true],
      ['z', [], false, true],
      ['q', ['count'], true, false],
    ],
  );
  assert.deepEqual(selectors[0]?.matchers, [
    { label: 'b', operator: '=', value: 'c' },
    { label: 'd', operator: '=~', value: 'e|f' },
  ]);
  assert.deepEqual(groupings, [
    { keyword: 'by', labels: ['node'] },
    { keyword: 'on', labels: ['node'] },
    { keyword: 'group_left', labels: ['x'] },
  ]);
});

test('only its being there matters of what filters, is counted, or is multiplied by 0', () => {
  const existence = (expr: string) => parse(expr).selectors.map((selector) => selector.existence);
  assert.deepEqual(existence('a and b'), [false, true]);
  assert.deepEqual(existence('a unless (b or c)'), [false, true, true]);
  assert.deepEqual(existence('0 * (a or b) + 1'), [true, true]);
  assert.deepEqual(existence('10 * a'), [false]);
  assert.deepEqual(existence('absent(a)'), [true]);
});

test('what is not PromQL is shown', () => {
  assert.deepEqual(parse('sum(a').errors, ['not PromQL from here: (the end)']);
  assert.equal(parse('a{b="c"} foo bar').errors.length > 0, true);
  assert.equal(parse('rate(a{b=c}[5m])').errors.length > 0, true);
});

const LABELS: Readonly<Record<string, readonly string[]>> = {
  disk: ['node', 'device'],
  info: ['node', 'version'],
  bucket: ['node', 'le'],
};

for (const [expr, labels, ...problems] of [
  ['disk', 'device,node'],
  ['absent_metric', '', 'there is no metric absent_metric'],
  ['disk{le="1"}', 'device,node', 'disk matched by le, which is not there'],
  ['disk{le=""}', 'device,node'],
  ['sum by (node) (disk)', 'node'],
  ['disk > scalar(info{node="a"})', 'device,node'],
  ['sum without (device) (disk)', 'node'],
  ['sum by (pod) (disk)', 'pod', 'sum by pod, which is not there'],
  ['topk by (node) (1, disk)', 'device,node'],
  ['disk * on (node) group_left (version) info', 'device,node,version'],
  ['disk * on (pod) info', 'pod', 'on pod, which is not there', 'on pod, which is not there'],
  ['disk * on (node) group_left (pod) info', 'device,node,pod', 'group_left pod, which is not there'],
  ['info * on (node) group_right (version) disk', 'device,node,version'],
  ['disk > on (node) info', 'device,node'],
  ['disk / on (node) info', 'node'],
  ['disk and info', 'device,node', 'joined by all labels, and only one side has device, version'],
  ['disk or info', 'device,node,version'],
  ['disk > 5', 'device,node'],
  ['time() - disk', 'device,node'],
  ['histogram_quantile(0.9, sum by (node, le) (rate(bucket[5m])))', 'node'],
  ['label_replace(info, "release", "$1", "version", "(.+)")', 'node,release,version'],
  [
    'label_replace(info, "release", "$1", "kernel", "(.+)")',
    'node,release,version',
    'label_replace kernel, which is not there',
  ],
  ['label_join(info, "both", "-", "node", "version")', 'both,node,version'],
] as const) {
  test(`labels of ${expr}`, () => {
    const checked = checkLabels(expr, (metric) => LABELS[metric]);
    assert.deepEqual([checked.labels.join(), checked.problems], [labels, problems]);
  });
}
