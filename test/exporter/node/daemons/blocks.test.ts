import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { blockedSince, type EndedBlock, longestBlocks } from '../../../../exporter/node/daemons/blocks.ts';
import { parseSchedstat, threadState } from '../../../../exporter/node/daemons/threads.ts';
import { anyText } from '../../../any-text.ts';

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

const stateIn = (line: string) => threadState(Buffer.from(`${line}) X left over`), line.length);

test('the state stands behind the last bracket of the first bytes', () => {
  assert.equal(stateIn('2788 (kubelet) S 1 2626'), 'S');
  assert.equal(stateIn('2788 (a) D (b) D) R 1 '), 'R');
  assert.equal(stateIn('2788 (kubelet) '), undefined);
  assert.equal(stateIn('2788 (kubelet'), undefined);
  assert.equal(stateIn(''), undefined);
});

test('schedstat', () => {
  assert.deepEqual(parseSchedstat('462485826 10347731872 46429\n'), { delay: 10347731872, runs: 46429 });
  assert.deepEqual(parseSchedstat('0 0 0\n'), { delay: 0, runs: 0 });
  for (const text of ['', '1 2\n', '1 2 3 4\n', '-1 2 3\n', 'a b c\n']) {
    assert.throws(() => parseSchedstat(text), /not a \/proc\/PID\/schedstat line/);
  }
});

test('schedstat of any text is numbers or an error', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      try {
        const { delay, runs } = parseSchedstat(text);
        assert.ok(delay >= 0 && runs >= 0);
      } catch (error) {
        assert.match((error as Error).message, /not a \/proc\/PID\/schedstat line/);
      }
    }),
  );
});
