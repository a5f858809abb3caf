import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Interned } from '../../../../exporter/cluster/images/interned.ts';

test('equal values are one, until there are too many', () => {
  const values = new Interned<object>(2);
  const first = values.get('a', () => ({}));
  assert.equal(
    values.get('a', () => ({})),
    first,
  );
  values.get('b', () => ({}));
  values.get('c', () => ({}));
  assert.notEqual(
    values.get('a', () => ({})),
    first,
  );
});
