import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type KswapdTime, readKswapdTime } from '../../../../exporter/node/kernel/kswapd.ts';
import { countingHost } from '../host/counting-tree.ts';
import { temporaryHost } from '../host/temporary-host.ts';

/** Two nodes, of which kswapd0 has used 3.5 s, and processes that are not what they say. */
const PROCESSES = {
  '/proc/2/stat': stat(2, 'kthreadd', 0, 7, 7),
  '/proc/45/stat': stat(45, 'kswapd0', 2, 100, 250),
  '/proc/46/stat': stat(46, 'kswapd1', 2, 0, 20),
  '/proc/47/stat': stat(47, 'kswapdx', 2, 1000, 1000),
  '/proc/900/stat': stat(900, 'kswapd0', 1, 1000, 1000),
  '/proc/901/stat': stat(901, ') 45 (kswapd0', 2, 1000, 1000),
  '/proc/902/stat': 'garbage\n',
  '/proc/stat': 'cpu 1 2 3\n',
};

function stat(pid: number, command: string, parent: number, user: number, system: number): string {
  return `${pid} (${command}) S ${parent} 0 0 0 -1 2230336 0 0 0 0 ${user} ${system} 0 0 20 0 1 0 21 0 0\n`;
}

const total = ({ threads, gone }: KswapdTime) => [...threads.values()].reduce((sum, ticks) => sum + ticks, gone);

test('the threads are known by name and parent', (t) => {
  const { host } = temporaryHost(t, PROCESSES);
  const first = readKswapdTime(host, undefined);
  assert.deepEqual(
    [...first.threads],
    [
      [45, 350],
      [46, 20],
    ],
  );
  assert.equal(total(first), 370);
});

test('a host whose kernel threads are not to be seen', (t) => {
  const { host } = temporaryHost(t, { '/proc/7/stat': stat(7, 'node', 1, 1, 1) });
  const first = readKswapdTime(host, undefined);
  assert.equal(first.threads.size, 0);
  assert.equal(total(readKswapdTime(host, first)), 0);
});

test('known threads alone are read again', (t) => {
  const { host, root } = temporaryHost(t, PROCESSES);
  const first = readKswapdTime(host, undefined);
  writeFileSync(join(root, 'proc/46/stat'), stat(46, 'kswapd1', 2, 1, 40));
  const counting = countingHost(root);
  assert.equal(total(readKswapdTime(counting.host, first)), 391);
  assert.deepEqual(counting.asked, { reads: ['45/stat', '46/stat'], lists: [] });
});

test('the time of a thread that has gone stays, and what took its number is not mistaken for it', (t) => {
  const { host, root } = temporaryHost(t, PROCESSES);
  const first = readKswapdTime(host, undefined);
  writeFileSync(join(root, 'proc/45/stat'), stat(45, 'bash', 1, 5, 5));
  const second = readKswapdTime(host, first);
  assert.deepEqual([...second.threads], [[46, 20]]);
  assert.equal(total(second), 370);
  rmSync(join(root, 'proc/46'), { recursive: true });
  writeFileSync(join(root, 'proc/47/stat'), stat(47, 'kswapd0', 2, 1, 1));
  const third = readKswapdTime(host, second);
  assert.deepEqual([...third.threads], [[47, 2]]);
  assert.equal(total(third), 372);
  // Another kswapd under the same number begins at nothing.
  writeFileSync(join(root, 'proc/47/stat'), stat(47, 'kswapd1', 2, 0, 1));
  assert.equal(total(readKswapdTime(host, third)), 373);
});
