import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shared } from '../../../exporter/server/shared.ts';
import { until } from '../../exporter-process.ts';

test('all who ask while it is made, and soon after, share one', async () => {
  let made = 0;
  const next = shared(async () => {
    made += 1;
    return made;
  }, 60_000);
  assert.deepEqual(await Promise.all([next(), next(), next()]), [1, 1, 1]);
  assert.equal(await next(), 1);
});

test('later another one is made', async () => {
  let made = 0;
  const next = shared(async () => {
    made += 1;
    return made;
  }, 1);
  assert.equal(await next(), 1);
  await until(next, (value) => value > 1, 30);
});

test('an error goes to those who wait for it; then it is tried again', async () => {
  let made = 0;
  const next = shared(async () => {
    made += 1;
    if (made === 1) throw new Error('not yet');
    return made;
  }, 60_000);
  const both = await Promise.allSettled([next(), next()]);
  assert.deepEqual(
    both.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  assert.equal(await next(), 2);
});
