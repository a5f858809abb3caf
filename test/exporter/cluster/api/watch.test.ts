import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ApiError } from '../../../../exporter/cluster/api/api-error.ts';
import { parsePage } from '../../../../exporter/cluster/api/list.ts';
import { ProtocolError } from '../../../../exporter/cluster/api/protocol-error.ts';
import { parseEvent } from '../../../../exporter/cluster/api/watch.ts';
import { anyJsonText, parsesOrThrows } from '../../../any-json.ts';

test('a page of a list', () => {
  const page = (list: object) => parsePage(JSON.stringify(list));
  assert.deepEqual(page({ metadata: { resourceVersion: '483', continue: '' }, items: [{ a: 1 }] }), {
    items: [{ a: 1 }],
    resourceVersion: '483',
  });
  assert.deepEqual(page({ metadata: { resourceVersion: '483', continue: 'abc' }, items: null }), {
    items: [],
    resourceVersion: '483',
    continue: 'abc',
  });
  for (const list of [
    {},
    { items: [] },
    { metadata: { resourceVersion: 7 }, items: [] },
    { metadata: { resourceVersion: '7' }, items: {} },
  ]) {
    assert.throws(() => page(list), /^Error: not a list of API objects: /);
  }
});

test('any text is a page or an error', () => {
  fc.assert(
    fc.property(anyJsonText('metadata', 'resourceVersion', 'continue', 'items'), (text) => {
      parsesOrThrows(text, parsePage, ({ items, resourceVersion }) => {
        assert.ok(Array.isArray(items));
        assert.ok(typeof resourceVersion === 'string' && resourceVersion !== '');
      });
    }),
  );
});

test('an event of a watch', () => {
  assert.deepEqual(parseEvent('{"type":"MODIFIED","object":{"kind":"Node"}}'), {
    type: 'MODIFIED',
    object: { kind: 'Node' },
  });
  assert.throws(
    () => parseEvent('{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old"}}'),
    (error) => error instanceof ApiError && error.expired && error.message === 'too old',
  );
  assert.throws(() => parseEvent('{"type":"ERROR"}'), ApiError);
});

test('any line is an event, the error that it stands for, or no event', () => {
  fc.assert(
    fc.property(anyJsonText('type', 'object', 'code', 'message', 'reason', 'details'), (text) => {
      try {
        assert.match(parseEvent(text).type, /^(ADDED|MODIFIED|DELETED|BOOKMARK)$/);
      } catch (error) {
        assert.ok(error instanceof ApiError || error instanceof ProtocolError, String(error));
      }
    }),
  );
});
