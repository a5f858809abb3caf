import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { imageGcWanted } from '../../../../exporter/node/kubelet/image-gc.ts';

const DEFAULT = { highPercent: 85, lowPercent: 80 };

test('what the recorded kubelet 1.26 logged, with thresholds 10 and 5', () => {
  // "Attempted to free 179448368947 bytes"; the size is imageFs.capacityBytes of its stats summary.
  const space = { size: 270_553_174_016, available: 77_577_146_368 };
  assert.equal(imageGcWanted(space, { highPercent: 10, lowPercent: 5 }), 179_448_368_947);
});

test('nothing is wanted below the threshold, which counts whole percents in use', () => {
  assert.equal(imageGcWanted({ size: 1000, available: 1000 }, DEFAULT), 0);
  assert.equal(imageGcWanted({ size: 1000, available: 160 }, DEFAULT), 0);
  assert.equal(imageGcWanted({ size: 1000, available: 159 }, DEFAULT), 41);
  assert.equal(imageGcWanted({ size: 1000, available: 150 }, DEFAULT), 50);
  assert.equal(imageGcWanted({ size: 1000, available: 0 }, DEFAULT), 200);
});

test('more available than there is counts as all of it', () => {
  assert.equal(imageGcWanted({ size: 1000, available: 5000 }, { highPercent: 1, lowPercent: 0 }), 0);
});

test('a threshold of 100 switches it off, a file system of no size has no answer', () => {
  assert.equal(imageGcWanted({ size: 1000, available: 0 }, { highPercent: 100, lowPercent: 80 }), 0);
  assert.equal(imageGcWanted({ size: 0, available: 0 }, DEFAULT), undefined);
});

test('what is wanted brings the use down to the lower threshold', () => {
  const size = fc.integer({ min: 1, max: 2 ** 52 });
  const percent = fc.integer({ min: 1, max: 99 });
  fc.assert(
    fc.property(size, fc.double({ min: 0, max: 1, noNaN: true }), percent, percent, (size, share, a, b) => {
      fc.pre(a !== b);
      const available = Math.floor(size * share);
      const [lowPercent, highPercent] = [Math.min(a, b), Math.max(a, b)];
      const wanted = imageGcWanted({ size, available }, { highPercent, lowPercent }) ?? -1;
      assert.ok(wanted >= 0 && Number.isSafeInteger(wanted));
      if (wanted > 0) {
        const used = BigInt(size - available - wanted) * 100n;
        assert.ok(used <= BigInt(size) * BigInt(lowPercent) + 100n);
        assert.ok(used >= BigInt(size) * BigInt(lowPercent) - 100n);
      }
    }),
  );
});
