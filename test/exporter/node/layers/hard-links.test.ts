import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HardLinks } from '../../../../exporter/node/layers/hard-links.ts';

test('the first name of a file stands for all of it', () => {
  const links = new HardLinks();
  assert.deepEqual(
    [links.share(1, 3), links.share(2, 2), links.share(1, 3), links.share(2, 2), links.share(1, 3)],
    [1, 1, 0, 0, 0],
  );
});

test('beyond what is remembered each name stands for its part, so that no file counts twice', () => {
  const links = new HardLinks();
  const remembered = Array.from({ length: 10_000 }, (_, inode) => links.share(inode, 2));
  assert.ok(remembered.every((share) => share === 1));
  assert.deepEqual([links.share(10_000, 4), links.share(10_000, 4)], [0.25, 0.25]);
  // Now there is room again, but half of the file is counted already.
  assert.equal(links.share(0, 2), 0);
  assert.deepEqual([links.share(10_000, 4), links.share(10_000, 4)], [0.25, 0.25]);
});
