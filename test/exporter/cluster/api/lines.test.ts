import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LineSplitter } from '../../../../exporter/cluster/api/lines.ts';
import { ProtocolError } from '../../../../exporter/cluster/api/protocol-error.ts';
import { anyTextWith } from '../../../any-text.ts';

/** The lines of a text that comes in these chunks, and the splitter. */
function split(bytes: Buffer, cuts: readonly number[], limit: number): string[] {
  const splitter = new LineSplitter(limit);
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return places.slice(1).flatMap((end, index) => splitter.push(bytes.subarray(places[index], end)));
}

test('any chunks of a text give its lines, without what follows the last newline', () => {
  const text = anyTextWith('\n', '{"a":"ü€😀"}', '\r\n', ' ');
  fc.assert(
    fc.property(text, fc.array(fc.nat()), (whole, cuts) => {
      assert.deepEqual(split(Buffer.from(whole), cuts, 1e6), whole.split('\n').slice(0, -1));
    }),
  );
});

test('a line may have as many bytes as the limit says, and no more, in however many chunks', () => {
  const cuts = fc.array(fc.nat(), { maxLength: 20 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), cuts, (limit, places) => {
      const line = 'x'.repeat(limit);
      assert.deepEqual(split(Buffer.from(`${line}\n${line}\n`), places, limit), [line, line]);
      assert.throws(() => split(Buffer.from(`a\n${line}x`), places, limit), ProtocolError);
    }),
  );
});
