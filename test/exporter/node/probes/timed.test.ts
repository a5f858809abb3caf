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
});
