import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { endianness } from 'node:os';
import { test } from 'node:test';
import fc from 'fast-check';
import { pageSize } from '../../exporter/page-size.ts';

/** An auxiliary vector of these words, in the byte order of this machine. */
function vector(words: readonly number[], wordBytes: 4 | 8): Buffer {
  const buffer = Buffer.alloc(words.length * wordBytes);
  for (const [index, word] of words.entries()) {
    if (endianness() === 'LE') buffer.writeUIntLE(word, index * wordBytes, 4);
    else buffer.writeUIntBE(word, (index + 1) * wordBytes - 4, 4);
  }
  return buffer;
}

test('the size of a page of this machine', () => {
  assert.equal(pageSize(), Number(execFileSync('getconf', ['PAGE_SIZE'], { encoding: 'utf8' })));
});

for (const wordBytes of [4, 8] as const) {
  test(`a vector of words of ${wordBytes} bytes`, () => {
    const size = (...words: number[]) => pageSize(vector(words, wordBytes), wordBytes);
    assert.equal(size(33, 1, 16, 2, 6, 4096, 17, 100, 0, 0), 4096);
    assert.equal(size(6, 16_384, 0, 0), 16_384);
    assert.equal(size(6, 65_536), 65_536);
    // The number 6 as a value, no such entry, one behind the end, no size of a page, half an entry.
    assert.equal(size(33, 6, 8192, 1, 0, 0), undefined);
    assert.equal(size(0, 0, 6, 4096), undefined);
    assert.equal(size(6, 0, 0, 0), undefined);
    assert.equal(size(6, 5000, 0, 0), undefined);
    assert.equal(size(6), undefined);
    assert.equal(size(), undefined);
  });
}

test('any bytes have a size of a power of two, or none', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.constantFrom(4 as const, 8 as const), (bytes, wordBytes) => {
      const size = pageSize(Buffer.from(bytes), wordBytes);
      assert.ok(size === undefined || Number.isInteger(Math.log2(size)));
    }),
  );
});
