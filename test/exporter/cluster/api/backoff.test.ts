import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ApiError } from '../../../../exporter/cluster/api/api-error.ts';
import { retryDelay } from '../../../../exporter/cluster/api/backoff.ts';

test('a pause is anything up to a bound that doubles, from half a second to half a minute', () => {
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), random, (failures, share) => {
      const delay = retryDelay(new Error('any'), failures, () => share);
      assert.equal(delay, share * Math.min(30, 0.5 * 2 ** (failures - 1)));
      assert.ok(delay >= 0 && delay < 30);
    }),
  );
});

test('a server that asks for time gets it, up to two minutes', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 50 }), (seconds, failures) => {
      const delay = retryDelay(new ApiError(429, '', 'slowly', seconds), failures, () => 0);
      assert.equal(delay, Math.min(seconds, 120));
    }),
  );
});
