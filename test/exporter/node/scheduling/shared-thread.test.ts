import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../../exporter-process.ts';
import { ScheduledCollectors } from './scheduled-collectors.ts';

test('runs that wait go on side by side and take no place from others', async (t) => {
  const scheduled = new ScheduledCollectors(t, ['asking', 'answering', 'steady'], { threads: 1 });
  await scheduled.run();
  for (const name of ['asking', 'answering', 'steady']) {
    assert.equal(await scheduled.success(name), 1, name);
    assert.equal(await scheduled.runs(name), 1, name);
  }
});

test('the end of their thread fails both, and the next turn has another', async (t) => {
  const scheduled = new ScheduledCollectors(t, ['asking', 'answering']);
  scheduled.misbehave('answering');
  await scheduled.run();
  for (const name of ['asking', 'answering']) {
    assert.equal(await scheduled.success(name), 0, name);
    assert.equal(scheduled.logged(name, 'read failed')[0]?.error, 'worker thread exited');
  }
  scheduled.behave('answering');
  await scheduled.run();
  for (const name of ['asking', 'answering']) assert.equal(await scheduled.success(name), 1, name);
});

test('a run that lasts until after its next turn is followed by another at once', async (t) => {
  const scheduled = new ScheduledCollectors(t, ['asking', 'answering']);
  scheduled.start();
  await until(
    () => scheduled.runs('asking'),
    (runs = 0) => runs >= 3,
    30,
  );
  scheduled.stop();
  const ended = (await scheduled.runs('asking')) ?? 0;
  assert.ok(scheduled.starts('asking') - ended <= 1, 'never twice at a time');
});

test('a thread of waiting runs that blocks is told by its time limit', async (t) => {
  const scheduled = new ScheduledCollectors(t, ['asking', 'answering', 'steady'], { timeouts: { asking: 3 } });
  scheduled.hang('asking.starts');
  scheduled.hang('answering.starts');
  await Promise.race([
    scheduled.run(),
    until(
      () => scheduled.timeouts('asking'),
      (count) => count === 1,
      30,
    ),
  ]);
  assert.equal(await scheduled.success('asking'), 0);
  assert.equal(await scheduled.success('steady'), 1);
});

test('what a host lacks is said once, at debug level, and is no fault', async (t) => {
  const scheduled = new ScheduledCollectors(t, ['asking', 'answering']);
  await scheduled.run();
  await scheduled.run();
  const [entry, ...more] = scheduled.logged('asking', 'not found on this host');
  assert.equal(entry?.what, 'answering');
  assert.equal(entry.level, 20);
  assert.equal(more.length, 0);
  assert.equal(await scheduled.success('asking'), 1);
});
