import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { timed } from '../../../../exporter/node/probes/timed.ts';

/** Long enough for every server here that answers. */
const LONG = 30;
const SHORT = 0.2;

describe('a timed question', () => {
  test('has its answer and the time until then', async () => {
    const { answer, seconds } = await timed(LONG, async () => 'yes');
    assert.equal(answer, 'yes');
    assert.ok(seconds >= 0);
  });

  test('has no answer when its time is over', async () => {
    const { answer } = await timed(SHORT, (signal) => new Promise((_, reject) => (signal.onabort = reject)));
    assert.equal(answer, undefined);
  });

  test('fails with what the answering failed with', async () => {
    await assert.rejects(
      timed(LONG, async () => Promise.reject(new Error('broken'))),
      /^Error: broken$/,
    );
  });

  test('is not charged with the time in which this thread did other work', async () => {
    const { answer, seconds } = await timed(SHORT, (signal) => {
      const answering = answerAfterSomeTurns(signal);
      block(5 * SHORT);
      return answering;
    });
    assert.equal(answer, 'late', 'it was noticed only after the timers');
    assert.ok(seconds <= 2 * 0.1, `${seconds} s: two looks at the clock`);
  });
});

/** Resolves after some turns of the event loop; rejects when the signal aborts. */
function answerAfterSomeTurns(signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    signal.onabort = reject;
    const turn = (left: number) => (left === 0 ? resolve('late') : setImmediate(turn, left - 1));
    turn(3);
  });
}

/** Nothing else goes on in this thread for so many seconds. */
function block(seconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1000);
}
