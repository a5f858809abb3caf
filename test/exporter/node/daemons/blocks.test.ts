import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { blockedSince, type EndedBlock, longestBlocks } from '../../../../exporter/node/daemons/blocks.ts';

const BEFORE = { daemon: 'kubelet', seconds: 3, runs: 7 } as const;

test('a thread that has not run was blocked all the time, however long nobody looked', () => {
  assert.equal(blockedSince(BEFORE, 7, 1), 1);
  assert.equal(blockedSince(BEFORE, 7, 40), 40);
});

test('of a thread that may have run nothing is known of more than two seconds', () => {
  assert.equal(blockedSince(BEFORE, 8, 1), 1);
  assert.equal(blockedSince(BEFORE, 8, 40), 2);
  assert.equal(blockedSince(undefined, 7, 40), 2);
  assert.equal(blockedSince({ ...BEFORE, runs: undefined }, undefined, 40), 2);
});

test('the longest block of each daemon is kept while it is in the window', () => {
  const ended = (daemon: EndedBlock['daemon'], endedAt: number, seconds: number) => ({ daemon, endedAt, seconds });
  const blocks = [
    ended('kubelet', 100, 50),
    ended('kubelet', 200, 10),
    ended('dockerd', 210, 30),
    ended('kubelet', 220, 20),
  ];
  const [long, , docker, short] = blocks;
  assert.deepEqual(longestBlocks(blocks, 300, 250), [long, docker, short]);
  assert.deepEqual(longestBlocks(blocks, 300, 400), [docker, short]);
  assert.deepEqual(longestBlocks(blocks, 300, 520), []);
});

test('what is dropped can never be the longest', () => {
  const block = fc.record({
    daemon: fc.constantFrom('kubelet', 'dockerd'),
    endedAt: fc.nat(1000),
    seconds: fc.nat(100),
  });
  fc.assert(
    fc.property(fc.array(block), fc.nat(1000), (unsorted, later) => {
      const blocks = (unsorted as EndedBlock[]).sort((a, b) => a.endedAt - b.endedAt);
      const now = blocks.at(-1)?.endedAt ?? 0;
      const kept = longestBlocks(blocks, 300, now);
      for (const daemon of ['kubelet', 'dockerd']) {
        const longest = (of: readonly EndedBlock[]) =>
          Math.max(0, ...of.filter((b) => b.daemon === daemon && b.endedAt > now + later - 300).map((b) => b.seconds));
        assert.equal(longest(kept), longest(blocks));
      }
    }),
  );
});
