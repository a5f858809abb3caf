import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseSchedstat, threadState } from '../../../../exporter/node/daemons/threads.ts';
import { anyText } from '../../../any-text.ts';

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
