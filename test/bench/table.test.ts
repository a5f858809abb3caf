import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowsOf } from '../../bench/comparison.ts';
import { tableOf } from '../../bench/table.ts';

const walk = (value: number) => ({
  what: 'walk',
  unit: 's',
  value,
  peer: { program: 'du', value: 4 },
  goal: { timesPeer: 2 },
});
const rss = (value: number) => ({ what: 'RSS', unit: 'MiB', value, goal: { atMost: 90 } });

test('medians, spread, ratio, peer and goal', () => {
  const rows = rowsOf([
    { program: 'this tree', figures: [walk(6), rss(1234.5)] },
    { program: 'v1', figures: [walk(8)] },
    { program: 'this tree', figures: [walk(6.0066), rss(80)] },
    { program: 'v1', figures: [walk(8)] },
  ]);
  assert.equal(
    tableOf(rows, ['this tree', 'v1']),
    `| figure | this tree         | v1  | ratio | peer    | goal     |
| ------ | ----------------- | --- | ----- | ------- | -------- |
| walk   | 6 s (6–6.01)      | 8 s | 0.75  | du: 4 s | ≤ 2 × du |
| RSS    | 657 MiB (80–1235) |     |       |         | ≤ 90 MiB |
`,
  );
});

test('one build has no ratio', () => {
  assert.equal(
    tableOf(rowsOf([{ program: 'this tree', figures: [{ what: 'lines', unit: 'lines', value: 0 }] }]), ['this tree']),
    `| figure | this tree | peer | goal |
| ------ | --------- | ---- | ---- |
| lines  | 0 lines   |      |      |
`,
  );
});

test('there is no ratio to nothing', () => {
  const figures = (value: number) => [{ what: 'errors', unit: 'errors', value }];
  const rows = rowsOf([
    { program: 'a', figures: figures(1) },
    { program: 'b', figures: figures(0) },
  ]);
  assert.match(tableOf(rows, ['a', 'b']), /\| errors \| 1 errors \| 0 errors \| {7}\| {6}\|/);
});

test('a program that died of it says so', () => {
  const peak = (program: string, value: number) => ({ program, figures: [{ what: 'peak RSS', unit: 'MiB', value }] });
  const died = Number.POSITIVE_INFINITY;
  assert.equal(
    tableOf(rowsOf([peak('this tree', 90), peak('v1', died), peak('this tree', 90), peak('v1', died)]), [
      'this tree',
      'v1',
    ]),
    `| figure   | this tree | v1   | ratio | peer | goal |
| -------- | --------- | ---- | ----- | ---- | ---- |
| peak RSS | 90 MiB    | died |       |      |      |
`,
  );
});
