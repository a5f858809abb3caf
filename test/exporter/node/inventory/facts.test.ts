import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ifRecent, MAX_AGE_SECONDS } from '../../../../exporter/node/inventory/facts.ts';

test('a fact is recent until it has the age', () => {
  const fact = { foundAt: 1000, value: 'x' };
  assert.equal(ifRecent(fact, 1000, 60), fact);
  assert.equal(ifRecent(fact, 1059.9, 60), fact);
  assert.equal(ifRecent(fact, 1060, 60), undefined);
  assert.equal(ifRecent(undefined, 1000, 60), undefined);
  assert.equal(ifRecent(fact, 1000 + MAX_AGE_SECONDS - 1), fact);
  assert.equal(ifRecent(fact, 1000 + MAX_AGE_SECONDS), undefined);
});
