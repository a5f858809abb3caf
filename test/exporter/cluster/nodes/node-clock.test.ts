import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NodeClock } from '../../../../exporter/cluster/nodes/node-clock.ts';

test('nothing is known before the first renewal', () => {
  assert.equal(new NodeClock().toExporterTime(1000), undefined);
});

test('the renewal that arrived soonest tells the difference', () => {
  const clock = new NodeClock();
  clock.renewed(1000, 1003);
  clock.renewed(1010, 1010.5);
  clock.renewed(1020, 1060);
  assert.equal(clock.toExporterTime(1030), 1030.5);
});

test('a renewal of five minutes ago is forgotten', () => {
  const clock = new NodeClock();
  clock.renewed(1000, 1000);
  for (let renewal = 1; renewal <= 29; renewal += 1) clock.renewed(1000 + renewal * 10, 1002 + renewal * 10);
  assert.equal(clock.toExporterTime(2000), 2000);
  clock.renewed(1300, 1302);
  assert.equal(clock.toExporterTime(2000), 2002);
});

test('a moment is at most the smallest delay late, whatever the clocks and the other delays', () => {
  const delays = fc.array(fc.integer({ min: 0, max: 60_000 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(fc.integer({ min: -1e9, max: 1e9 }), delays, (difference, delays) => {
      const clock = new NodeClock();
      for (const [index, delay] of delays.entries()) clock.renewed(index * 10_000, index * 10_000 + difference + delay);
      assert.equal(clock.toExporterTime(5), 5 + difference + Math.min(...delays));
    }),
  );
});
