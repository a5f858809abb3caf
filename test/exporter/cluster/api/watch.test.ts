import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ApiError } from '../../../../exporter/cluster/api/api-error.ts';
import { ProtocolError } from '../../../../exporter/cluster/api/protocol-error.ts';
import { parseEvent } from '../../../../exporter/cluster/api/watch.ts';
import { anyJsonText } from '../../../any-json.ts';

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
