import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScheduledCollectors } from './scheduled-collectors.ts';

/** Ways of one run to fail, and what the log says of it. */
const FAILING: Record<string, RegExp> = {
  throwing: /^thrown on purpose$/,
  exiting: /^worker thread exited$/,
  greedy: /^worker thread crashed: .*memory/,
  undeclared: /^the metric test_hidden is not declared by its collector$/,
  mislabelled: /^test_mislabelled_runs has the labels , not surplus$/,
  uncloneable: /could not be cloned/,
};

for (const [name, error] of Object.entries(FAILING)) {
  test(`${name}: a run that fails leaves the last values, its state and the other collectors alone`, async (t) => {
    const scheduled = new ScheduledCollectors(t, [name, 'steady'], { threads: 1 });
    await scheduled.run();
    scheduled.misbehave(name);
    await scheduled.run();
    await scheduled.run();
    assert.equal(await scheduled.success(name), 0);
    assert.equal(await scheduled.runs(name), 1, 'the last good value');
    assert.equal(await scheduled.value('test_hidden'), undefined);
    assert.equal(await scheduled.success('steady'), 1);
    assert.equal(await scheduled.runs('steady'), 3);
    const [failure, ...more] = scheduled.logged(name, 'read failed');
    assert.match(failure?.error ?? '', error);
    assert.equal(more.length, 0, 'two failures alike are logged once');

    scheduled.behave(name);
    await scheduled.run();
    assert.equal(await scheduled.success(name), 1);
    assert.equal(await scheduled.runs(name), 2, 'its state is the one of the last good run');
    assert.equal(await scheduled.timeouts(name), 0);
    assert.equal(scheduled.logged(name, 'recovered').length, 1);
    assert.equal(scheduled.logged('steady', 'read failed').length, 0);
  });
}

test('all ways to fail at once leave the others alone', async (t) => {
  const scheduled = new ScheduledCollectors(t, [...Object.keys(FAILING), 'steady']);
  for (const name of Object.keys(FAILING)) scheduled.misbehave(name);
  await scheduled.run();
  await scheduled.run();
  for (const name of Object.keys(FAILING)) {
    assert.equal(await scheduled.success(name), 0, name);
    assert.equal(await scheduled.runs(name), undefined, `${name} never had a value`);
  }
  assert.equal(await scheduled.success('steady'), 1);
  assert.equal(await scheduled.runs('steady'), 2);
});

test('threads that cannot start fail their runs, not the program', async (t) => {
  const scheduled = new ScheduledCollectors(t, ['steady'], { module: 'file:///nowhere/collectors.js' });
  await scheduled.run();
  assert.equal(await scheduled.success('inventory'), 0);
  assert.equal(await scheduled.success('steady'), 0);
  assert.match(scheduled.logged('steady', 'read failed')[0]?.error ?? '', /nowhere/);
});

test('a fault is logged once, again when it changes, and when it is gone', async (t) => {
  const scheduled = new ScheduledCollectors(t, ['faulty']);
  scheduled.misbehave('faulty', 'one\ntwo');
  await scheduled.run();
  await scheduled.run();
  assert.equal(await scheduled.success('faulty'), 0);
  assert.equal(await scheduled.runs('faulty'), 2, 'the samples of a run with faults stand');
  assert.deepEqual(
    scheduled.logged('faulty', 'read failed').map(({ about, error }) => [about, error]),
    [
      ['/one', 'one is broken'],
      ['/two', 'two is broken'],
    ],
  );

  scheduled.misbehave('faulty', 'two');
  await scheduled.run();
  assert.equal(await scheduled.success('faulty'), 0);
  assert.deepEqual(aboutAgain(scheduled), ['/one']);

  scheduled.behave('faulty');
  await scheduled.run();
  assert.equal(await scheduled.success('faulty'), 1);
  assert.deepEqual(aboutAgain(scheduled), ['/one', '/two']);

  scheduled.misbehave('faulty', 'one');
  await scheduled.run();
  assert.equal(scheduled.logged('faulty', 'read failed').length, 3, 'a fault that is back is logged again');
});

test('what a run tells is logged each time', async (t) => {
  const scheduled = new ScheduledCollectors(t, ['telling', 'steady']);
  scheduled.misbehave('telling', 'one\ntwo');
  await scheduled.run();
  await scheduled.run();
  const lines = scheduled.logged('telling', 'moved').map(({ level, what }) => `${level} ${what}`);
  assert.deepEqual(lines, ['30 one', '30 two', '30 one', '30 two']);
  scheduled.behave('telling');
  await scheduled.run();
  assert.equal(scheduled.logged('telling', 'moved').length, 4);
});

function aboutAgain(scheduled: ScheduledCollectors): (string | undefined)[] {
  return scheduled.logged('faulty', 'recovered').map(({ about }) => about);
}

test('another process goes on where this one ended, but not with the state of a run that failed', async (t) => {
  const first = new ScheduledCollectors(t, ['throwing', 'steady']);
  await first.run();
  first.misbehave('throwing');
  await first.run();
  const second = new ScheduledCollectors(t, ['throwing', 'steady']);
  second.restore(first.save());
  await second.run();
  assert.equal(await second.runs('steady'), 3);
  assert.equal(await second.runs('throwing'), 1);
});
