import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addToTotals, advance, type Totals } from '../../../../exporter/node/containers/totals.ts';

const owner = (container: string, pod = '') => ({ namespace: '', pod, container });
const list = (totals: Totals) => [...totals.values()].map(({ owner, total }) => [owner.container, total]);

test('instances and replicas of one name add up', () => {
  const first = addToTotals(undefined, [
    { owner: owner('a'), by: 1 },
    { owner: owner('a'), by: 2 },
    { owner: owner('b'), by: 0 },
  ]);
  assert.deepEqual(list(first), [
    ['a', 3],
    ['b', 0],
  ]);
  const second = addToTotals(first, [
    { owner: owner('a'), by: 10 },
    { owner: owner('a'), by: 20 },
  ]);
  assert.deepEqual(list(second), [['a', 33]]);
  assert.deepEqual(list(first), [
    ['a', 3],
    ['b', 0],
  ]);
});

test('an owner that came back begins at nothing', () => {
  const first = addToTotals(undefined, [{ owner: owner('a'), by: 5 }]);
  assert.deepEqual(list(addToTotals(addToTotals(first, []), [{ owner: owner('a'), by: 1 }])), [['a', 1]]);
});

test('owners are told apart by all three labels, and nothing else is kept', () => {
  const container = { ...owner('a'), id: 'x', runtime: 'docker' };
  const totals = addToTotals(undefined, [
    { owner: container, by: 1 },
    { owner: owner('a', 'p'), by: 2 },
  ]);
  assert.deepEqual(
    [...totals.values()],
    [
      { owner: owner('a'), total: 1 },
      { owner: owner('a', 'p'), total: 2 },
    ],
  );
});

test('a total is the sum of all increases while its owner lives', () => {
  const runs = fc.array(fc.array(fc.nat(100), { minLength: 1 }));
  fc.assert(
    fc.property(runs, (runs) => {
      let totals: Totals | undefined;
      for (const run of runs)
        totals = addToTotals(
          totals,
          run.map((by) => ({ owner: owner('a'), by })),
        );
      assert.deepEqual(
        totals ? list(totals) : [],
        runs.length > 0 ? [['a', runs.flat().reduce((a, b) => a + b, 0)]] : [],
      );
    }),
  );
});

const container = (id: string, name = 'a') => ({ ...owner(name), id, runtime: 'docker' }) as const;
const counts = (entries: Record<string, number>) => new Map(Object.entries(entries));

test('counters count from the first look on', () => {
  const first = advance(undefined, [container('x')], counts({ x: 1000 }));
  assert.deepEqual(list(first.totals), [['a', 0]]);
  const second = advance(first, [container('x'), container('y')], counts({ x: 1003, y: 40 }));
  assert.deepEqual(list(second.totals), [['a', 43]]);
});

test('a counter stays while its container is down, and counts a restarted one from 0 again', () => {
  const first = advance(undefined, [container('x')], counts({ x: 10 }));
  const second = advance(first, [container('x')], counts({ x: 15 }));
  const down = advance(second, [container('x')], counts({}));
  assert.deepEqual(list(down.totals), [['a', 5]]);
  assert.deepEqual(list(advance(down, [container('x')], counts({ x: 2 })).totals), [['a', 7]]);
  assert.deepEqual(list(advance(second, [container('x')], counts({ x: 2 })).totals), [['a', 7]]);
});

test('a total never falls, whatever the counts do', () => {
  const runs = fc.array(fc.dictionary(fc.constantFrom('x', 'y'), fc.nat(100)));
  fc.assert(
    fc.property(runs, (runs) => {
      let [counters, before] = [advance(undefined, [], new Map()), 0];
      for (const run of runs) {
        counters = advance(counters, [container('x'), container('y')], counts(run));
        const now = list(counters.totals)[0]?.[1] as number;
        assert.ok(now >= before);
        before = now;
      }
    }),
  );
});
