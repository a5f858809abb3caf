import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Interned } from '../../../../exporter/cluster/images/interned.ts';

test('equal values are one, until their keys are too long together', () => {
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

test('a few long keys are as many as many short ones', () => {
  const values = new Interned<object>(100);
  const first = values.get('a', () => ({}));
  values.get('b'.repeat(98), () => ({}));
  assert.equal(
    values.get('a', () => ({})),
    first,
  );
  values.get('c'.repeat(98), () => ({}));
  assert.notEqual(
    values.get('a', () => ({})),
    first,
  );
});
