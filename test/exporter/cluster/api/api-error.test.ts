import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statusError } from '../../../../exporter/cluster/api/api-error.ts';

test('what a Status says', () => {
  const details = { retryAfterSeconds: 3 };
  const { status, reason, message, retryAfterSeconds } = statusError({ code: 429, reason: 'TooManyRequests', details });
  assert.deepEqual([status, reason, message, retryAfterSeconds], [429, 'TooManyRequests', 'TooManyRequests', 3]);
  const empty = statusError(undefined);
  assert.deepEqual([empty.status, empty.message, empty.retryAfterSeconds], [0, 'no message', undefined]);
});
