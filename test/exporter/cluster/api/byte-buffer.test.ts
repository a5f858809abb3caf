import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ByteBuffer } from '../../../../exporter/cluster/api/byte-buffer.ts';

test('pieces of any size are the text that they were cut from', () => {
  const bytes = new ByteBuffer();
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 3000 }), fc.integer({ min: 1, max: 2000 }), (text, size) => {
      const all = Buffer.from(text);
      for (let start = 0; start < all.length; start += size) bytes.append(all.subarray(start, start + size));
      assert.equal(bytes.length, all.length);
      assert.equal(bytes.take(), text);
      assert.equal(bytes.length, 0);
    }),
  );
});

test('pieces are not kept: what is in them may change', () => {
  const bytes = new ByteBuffer();
  const piece = Buffer.from('a');
  for (let count = 0; count < 5000; count += 1) bytes.append(piece);
  piece.write('b');
  assert.equal(bytes.take(4000), 'a'.repeat(4000));
});
