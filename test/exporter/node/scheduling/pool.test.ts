import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { until } from '../../../exporter-process.ts';
import { ScheduledCollectors } from './scheduled-collectors.ts';

describe('collectors that take long', { concurrency: true }, () => {
  test('a stuck collector is counted once, is not started twice, and its late result is taken', async (t) => {
    const scheduled = new ScheduledCollectors(t, ['waiting', 'steady'], { threads: 1, timeouts: { waiting: 1 } });
    await scheduled.run();
    scheduled.hang('waiting');
    for (let round = 0; round < 3; round += 1) await scheduled.run();
    assert.equal(await scheduled.success('waiting'), 0);
    assert.equal(await scheduled.timeouts('waiting'), 1);
    assert.equal(scheduled.starts('waiting'), 2, 'the run before, and the one that hangs');
    assert.equal(await scheduled.runs('waiting'), 1, 'the last good value');
    assert.equal(await scheduled.runs('steady'), 4, 'it does not wait for the hung thread, even if there is but one');
    assert.equal(await scheduled.success('steady'), 1);
    assert.deepEqual(
      scheduled.logged('waiting', 'read failed').map(({ about }) => about),
      ['/the/hung/directory'],
    );

    scheduled.release('waiting');
    await until(
      () => scheduled.success('waiting'),
      (success) => success === 1,
      30,
    );
    assert.equal(await scheduled.runs('waiting'), 2, 'the late result');
    assert.equal(await scheduled.timeouts('waiting'), 1);
    assert.deepEqual(
      scheduled.logged('waiting', 'recovered').map(({ about }) => about),
      ['/the/hung/directory'],
    );
    await scheduled.run();
    assert.equal(await scheduled.runs('waiting'), 3);
    assert.equal(await scheduled.runs('steady'), 5);
  });

  test('a long run that says it gets on is not stuck', async (t) => {
    const scheduled = new ScheduledCollectors(t, ['long'], { timeouts: { long: 2 } });
    scheduled.misbehave('long');
    await scheduled.run();
    assert.equal(await scheduled.runs('long'), 1);
    assert.equal(await scheduled.success('long'), 1);
    assert.equal(await scheduled.timeouts('long'), 0);
  });

  test('threads end when the pool is closed, unless one hangs', async (t) => {
    const idle = new ScheduledCollectors(t, ['steady']);
    await idle.run();
    assert.equal(await idle.pool.close(30), true);

    const hung = new ScheduledCollectors(t, ['waiting', 'steady'], { timeouts: { waiting: 1 } });
    hung.hang('waiting');
    await hung.run();
    assert.equal(await hung.pool.close(1), false);
  });

  test('a fault is not said to be gone when the next run throws', async (t) => {
    const scheduled = new ScheduledCollectors(t, ['faulty']);
    scheduled.misbehave('faulty', 'one');
    await scheduled.run();
    scheduled.misbehave('faulty', '');
    await scheduled.run();
    assert.equal(scheduled.logged('faulty', 'read failed').at(-1)?.error, 'thrown on purpose');
    assert.deepEqual(scheduled.logged('faulty', 'recovered'), []);
  });

  test('a fault is not said to be gone when the next run gets stuck', async (t) => {
    const scheduled = new ScheduledCollectors(t, ['faulty'], { timeouts: { faulty: 1 } });
    scheduled.misbehave('faulty', 'one');
    await scheduled.run();
    scheduled.behave('faulty');
    scheduled.hang('faulty');
    await scheduled.run();
    assert.equal(await scheduled.timeouts('faulty'), 1);
    assert.deepEqual(scheduled.logged('faulty', 'recovered'), []);
  });
});
