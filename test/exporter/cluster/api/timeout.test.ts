import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { textOf } from '../../../../exporter/cluster/api/timeout.ts';
import { FakeClock } from '../fake-clock.ts';

/** A stream of so many chunks of four bytes, and how many were taken from it. */
function chunks(count: number) {
  const taken = { count: 0 };
  function* produce() {
    for (; taken.count < count; taken.count += 1) yield Buffer.from('abcd');
  }
  return { body: Readable.from(produce(), { highWaterMark: 1 }), taken };
}

test('a text as long as the limit is whole, a longer one an error before it is all read', async () => {
  const limit = { timeoutSeconds: 1, maxBytes: 8 };
  assert.equal(await textOf(chunks(2).body, new FakeClock(0), limit), 'abcdabcd');
  const { body, taken } = chunks(1000);
  await assert.rejects(textOf(body, new FakeClock(0), limit), /longer than 8 bytes/);
  assert.ok(taken.count < 10);
  assert.ok(body.destroyed);
});

test('a text that may be cut is', async () => {
  const { body, taken } = chunks(1000);
  assert.equal(await textOf(body, new FakeClock(0), { timeoutSeconds: 1, maxBytes: 6, truncate: true }), 'abcdab');
  assert.ok(taken.count < 10);
  assert.ok(body.destroyed);
});
