import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { longestBlock, Sampler, type Sampling } from '../../../../exporter/node/daemons/sampler.ts';
import { temporaryHost } from '../host/temporary-host.ts';

/** A host with threads that a test puts into a state. */
class Threads {
  readonly #root: string;
  readonly #host: ConstructorParameters<typeof Sampler>[0];
  #sampling: Sampling | undefined;

  constructor(t: TestContext) {
    const { host, root } = temporaryHost(t, {});
    this.#host = host;
    this.#root = root;
  }

  set(pid: number, tid: number, state: string, runs: number, delaySeconds = 0): void {
    const directory = join(this.#root, `proc/${pid}/task/${tid}`);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'stat'), `${tid} (kubelet) ${state} 1 2626 1320 0 -1\n`);
    writeFileSync(join(directory, 'schedstat'), `81910588 ${delaySeconds * 1e9} ${runs}\n`);
  }

  remove(pid: number): void {
    rmSync(join(this.#root, `proc/${pid}`), { recursive: true });
  }

  /** A sampling of one look at each of these times. */
  sample(pids: readonly number[], ...times: readonly number[]): Sampling {
    const sampler = new Sampler(this.#host, this.#sampling);
    sampler.list(pids.map((pid) => ({ daemon: 'kubelet', pid, startTime: 0 })));
    for (const time of times) sampler.look(time);
    this.#sampling = sampler.finish();
    return this.#sampling;
  }
}

const blocked = ({ totals }: Sampling) => totals.get('kubelet')?.blockedSeconds;
const runDelay = ({ totals }: Sampling) => totals.get('kubelet')?.runDelay;

test('thread-seconds in D of all threads are added up', (t) => {
  const threads = new Threads(t);
  threads.set(11, 11, 'S', 5);
  threads.set(11, 12, 'D', 5);
  threads.set(11, 13, 'D', 5);
  assert.equal(blocked(threads.sample([11], 100)), 0);
  assert.equal(blocked(threads.sample([11], 101, 102, 103)), 6);
});

test('a block goes on through samplings, and ends when the thread runs', (t) => {
  const threads = new Threads(t);
  threads.set(11, 12, 'S', 5);
  threads.sample([11], 100);
  threads.set(11, 12, 'D', 5);
  assert.equal(longestBlock(threads.sample([11], 101, 102), 'kubelet'), 2);
  assert.equal(longestBlock(threads.sample([11], 109), 'kubelet'), 9);
  threads.set(11, 12, 'D', 6);
  const again = threads.sample([11], 110, 111);
  assert.equal(blocked(again), 11);
  assert.equal(longestBlock(again, 'kubelet'), 9);
  threads.set(11, 12, 'R', 7);
  assert.equal(longestBlock(threads.sample([11], 112), 'kubelet'), 9);
  assert.equal(longestBlock(threads.sample([11], 411), 'kubelet'), 2);
  assert.equal(longestBlock(threads.sample([11], 413), 'kubelet'), 0);
});

test('a daemon that restarts makes no counter fall', (t) => {
  const threads = new Threads(t);
  threads.set(11, 12, 'D', 5, 1);
  threads.sample([11], 100);
  threads.set(11, 12, 'D', 5, 3);
  const before = threads.sample([11], 101, 102);
  assert.equal(runDelay(before), 2e9);
  threads.remove(11);
  const gone = threads.sample([], 103);
  assert.deepEqual(gone.totals, before.totals);
  threads.set(21, 21, 'D', 1, 0.5);
  const after = threads.sample([21], 104);
  assert.equal(runDelay(after), 2.5e9);
  assert.equal(blocked(after), 3);
});

test('a thread that vanishes between two looks does no harm', (t) => {
  const threads = new Threads(t);
  threads.set(11, 12, 'D', 5);
  threads.sample([11], 100);
  threads.remove(11);
  assert.equal(blocked(threads.sample([11], 101, 102)), 0);
});

test('without schedstat consecutive looks are one block', (t) => {
  const { host } = temporaryHost(t, { '/proc/11/task/12/stat': '12 (kubelet) D 1 2626\n' });
  const sampler = new Sampler(host, undefined);
  sampler.list([{ daemon: 'kubelet', pid: 11, startTime: 0 }]);
  for (const time of [0, 1, 2, 3]) sampler.look(time);
  const sampling = sampler.finish();
  assert.equal(blocked(sampling), 3);
  assert.equal(longestBlock(sampling, 'kubelet'), 3);
  assert.equal(runDelay(sampling), 0);
});

test('a daemon that has ended does not run, and its totals outlive a restart, not more', (t) => {
  const threads = new Threads(t);
  threads.set(11, 11, 'D', 5);
  threads.sample([11], 100);
  const running = threads.sample([11], 101, 102);
  assert.deepEqual([[...running.running], blocked(running)], [['kubelet'], 2]);
  threads.remove(11);
  const ended = threads.sample([], 110);
  assert.deepEqual([[...ended.running], blocked(ended)], [[], 2]);
  threads.set(12, 12, 'S', 5);
  const restarted = threads.sample([12], 300);
  assert.deepEqual([[...restarted.running], blocked(restarted)], [['kubelet'], 2]);
  assert.equal(blocked(threads.sample([], 599)), 2);
  assert.equal(blocked(threads.sample([], 600)), undefined);
  assert.equal(blocked(threads.sample([12], 601)), 0);
});
