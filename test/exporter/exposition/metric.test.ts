import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { counter, gauge, histogram, observe, sample } from '../../../exporter/exposition/metric.ts';

const BUCKETS = [0.1, 0.5, 1];

test('metrics as they are declared', () => {
  assert.deepEqual(gauge('g', 'help'), { name: 'g', type: 'gauge', help: 'help', labels: [] });
  assert.deepEqual(counter('c', 'help', ['a']), { name: 'c', type: 'counter', help: 'help', labels: ['a'] });
  const declared = histogram('h', 'help', BUCKETS, ['a']);
  assert.deepEqual(declared, { name: 'h', type: 'histogram', help: 'help', labels: ['a'], buckets: BUCKETS });
  assert.deepEqual(sample(declared, 1, { a: 'x' }), { metric: declared, value: 1, labels: { a: 'x' } });
});

test('an observation falls into the first bucket that holds it', () => {
  const counts = (value: number) => observe(BUCKETS, undefined, value).counts;
  assert.deepEqual(counts(0), [1, 0, 0, 0]);
  assert.deepEqual(counts(0.1), [1, 0, 0, 0]);
  assert.deepEqual(counts(0.11), [0, 1, 0, 0]);
  assert.deepEqual(counts(1), [0, 0, 1, 0]);
  assert.deepEqual(counts(1.01), [0, 0, 0, 1]);
  assert.deepEqual(observe([], undefined, 3), { counts: [1], sum: 3 });
});

test('observations add up, and none changes what was before', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 2, noNaN: true })), (values) => {
      let distribution = observe(BUCKETS, undefined, 0);
      for (const value of values) {
        const before = structuredClone(distribution);
        const after = observe(BUCKETS, distribution, value);
        assert.deepEqual(distribution, before);
        distribution = after;
      }
      assert.equal(
        distribution.sum,
        values.reduce((sum, value) => sum + value, 0),
      );
      const atMost = (bound: number) => 1 + values.filter((value) => value <= bound).length;
      const cumulative = distribution.counts.map((_, index) =>
        distribution.counts.slice(0, index + 1).reduce((a, b) => a + b),
      );
      assert.deepEqual(cumulative, [...BUCKETS, Infinity].map(atMost));
    }),
  );
});
