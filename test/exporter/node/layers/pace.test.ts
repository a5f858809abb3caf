import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { newPace } from '../../../../exporter/node/layers/pace.ts';

/** A clock in milliseconds that only sleep and work move. */
function fakeTime() {
  const time = { now: 1000, slept: 0 };
  const sleep = (milliseconds: number) => {
    time.now += milliseconds;
    time.slept += milliseconds;
  };
  return { time, clock: () => time.now, sleep };
}

test('work that costs no time is slowed down to the rate', () => {
  const { time, clock, sleep } = fakeTime();
  const pace = newPace(1000, clock, sleep);
  for (let directory = 0; directory < 100; directory++) pace(20);
  assert.equal(time.slept, 2000);
});

test('work below the rate is not slowed down', () => {
  const { time, clock, sleep } = fakeTime();
  const pace = newPace(1000, clock, sleep);
  for (let directory = 0; directory < 100; directory++) {
    time.now += 20;
    pace(20);
  }
  assert.equal(time.slept, 0);
});

test('sleeps below 5 ms are saved up', () => {
  const { time, clock, sleep } = fakeTime();
  const pace = newPace(1000, clock, sleep);
  pace(4);
  assert.equal(time.slept, 0);
  pace(1);
  assert.equal(time.slept, 5);
});

test('0 sets no bound', () => {
  const { time, clock, sleep } = fakeTime();
  newPace(0, clock, sleep)(1_000_000);
  assert.equal(time.slept, 0);
});

test('any work stays below the rate, but for what one sleep is worth, and is not slowed down further', () => {
  const work = fc.array(fc.record({ entries: fc.nat(5000), takes: fc.nat(50) }));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), work, (perSecond, directories) => {
      const { time, clock, sleep } = fakeTime();
      const pace = newPace(perSecond, clock, sleep);
      let done = 0;
      for (const { entries, takes } of directories) {
        time.now += takes;
        const before = time.slept;
        pace(entries);
        done += entries;
        const ahead = (done / perSecond) * 1000 - (time.now - 1000);
        assert.ok(ahead < 5 + 1e-6, `${ahead} ms ahead`);
        if (time.slept > before) assert.ok(Math.abs(ahead) < 1e-6);
      }
    }),
  );
});
