import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bench } from '../../bench/bench.ts';
import { compare, rowsOf } from '../../bench/comparison.ts';

const PROGRAMS = ['new', 'old'].map((name) => ({ name, main: `${name}.js`, collectors: [] }));

test('the builds are measured in turn, on one workload', async () => {
  const calls: string[] = [];
  const bench: Bench = {
    name: 'x',
    async prepare() {
      calls.push('prepare');
      return {
        async measure({ main }) {
          calls.push(main);
          return [{ what: 'calls', unit: 'calls', value: calls.length }];
        },
        remove: () => void calls.push('remove'),
      };
    },
  };
  const [row] = await compare(bench, PROGRAMS, 3);
  assert.deepEqual(calls, ['prepare', 'new.js', 'old.js', 'new.js', 'old.js', 'new.js', 'old.js', 'remove']);
  assert.deepEqual(row?.builds.get('new'), { median: 4, min: 2, max: 6 });
  assert.deepEqual(row?.builds.get('old'), { median: 5, min: 3, max: 7 });
});

test('a workload is removed when a measurement fails', async () => {
  let removed = 0;
  const workload = {
    measure: () => Promise.reject(new Error('no kubelet')),
    remove: () => {
      removed += 1;
    },
  };
  await assert.rejects(compare({ name: 'x', prepare: async () => workload }, PROGRAMS, 3), /^Error: no kubelet$/);
  assert.equal(removed, 1);
});

test("a row has the builds that have its figure, and all of the peer's values", () => {
  const walk = (value: number, peer: number) => ({
    what: 'walk',
    unit: 's',
    value,
    peer: { program: 'du', value: peer },
    goal: { timesPeer: 2 },
  });
  assert.deepEqual(
    rowsOf([
      { program: 'new', figures: [walk(2, 1), { what: 'RSS', unit: 'MiB', value: 80 }] },
      { program: 'old', figures: [walk(8, 3)] },
    ]),
    [
      {
        what: 'walk',
        unit: 's',
        builds: new Map([
          ['new', { median: 2, min: 2, max: 2 }],
          ['old', { median: 8, min: 8, max: 8 }],
        ]),
        peer: { program: 'du', median: 2, min: 1, max: 3 },
        goal: { timesPeer: 2 },
      },
      { what: 'RSS', unit: 'MiB', builds: new Map([['new', { median: 80, min: 80, max: 80 }]]) },
    ],
  );
});
