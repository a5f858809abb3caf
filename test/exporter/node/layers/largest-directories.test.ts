import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LargestDirectories } from '../../../../exporter/node/layers/largest-directories.ts';

test('the largest of any directories, in whatever order they come', () => {
  fc.assert(
    fc.property(fc.nat(5), fc.array(fc.nat(1000), { maxLength: 400 }), (most, sizes) => {
      const largest = new LargestDirectories(most);
      for (const [index, bytes] of sizes.entries()) largest.add({ path: `/${index}`, bytes });
      const found = largest.sorted().map(({ bytes }) => bytes);
      assert.deepEqual(found, sizes.sort((a, b) => b - a).slice(0, most));
    }),
  );
});
