import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogFile } from '../../../../exporter/node/containers/log-file.ts';
import { writtenBytes } from '../../../../exporter/node/containers/log-growth.ts';

/** When the last look began. */
const SINCE = 100n;

/** `c.log` is written to; `created` and `changed` lie before that look unless said. */
function file(name: string, inode: number, size: number, created = 1n, changed = 50n): LogFile {
  const [active, compressed] = [name === 'c.log', name.endsWith('.gz')];
  return { name, inode: `254:${inode}`, size, created, changed, active, compressed };
}

const NEW = [110n, 120n] as const;
const GIB = 1024 ** 3;

const CASES: [about: string, before: LogFile[], now: LogFile[], written: number][] = [
  ['growth', [file('c.log', 1, 1000)], [file('c.log', 1, 1200)], 200],
  ['truncation', [file('c.log', 1, 1000)], [file('c.log', 1, 50)], 50],
  ['a log that is gone', [file('c.log', 1, 1000)], [], 0],
  ['a log that began since', [], [file('c.log', 1, 1000, ...NEW)], 1000],
  ['a file that came from elsewhere', [], [file('c.log', 1, 1000)], 0],
  ['rotation', [file('c.log', 1, 1000)], [file('c.log', 2, 30, ...NEW), file('c.log.1', 1, 1200)], 230],
  [
    'rotation, the oldest removed and its inode number taken',
    [file('c.log', 1, 1000), file('c.log.1', 2, 900)],
    [file('c.log', 2, 30, ...NEW), file('c.log.1', 1, 1200)],
    230,
  ],
  [
    'rotation and compression',
    [file('c.log', 1, 1000)],
    [file('c.log', 2, 30, ...NEW), file('c.log.1.gz', 3, 1200, ...NEW)],
    230,
  ],
  [
    'compression by the kubelet of what was rotated before',
    [file('c.log', 1, 1000), file('c.log.20261121-000638', 2, 900)],
    [
      file('c.log', 4, 30, ...NEW),
      file('c.log.20261121-000709', 1, 1200),
      file('c.log.20261121-000638.gz', 3, 900, ...NEW),
    ],
    230,
  ],
  [
    'compression that Docker had not ended at the last look, and the next rotation',
    [file('c.log', 1, 50), file('c.log.1', 2, 1200)],
    [file('c.log', 4, 30, ...NEW), file('c.log.1', 1, 70), file('c.log.2.gz', 3, 1200, ...NEW)],
    50,
  ],
  ['copytruncate', [file('c.log', 1, 1000)], [file('c.log', 1, 50), file('c.log.1', 2, 1200, ...NEW)], 250],
  [
    'copytruncate whose log has grown again beyond',
    [file('c.log', 1, 1000)],
    [file('c.log', 1, 1100), file('c.log.1', 2, 1200, ...NEW)],
    1300,
  ],
  [
    'copytruncate that has not truncated yet',
    [file('c.log', 1, 1000)],
    [file('c.log', 1, 1200), file('c.log.1', 2, 800, ...NEW)],
    200,
  ],
  [
    'copytruncate that had not truncated at the last look',
    [file('c.log', 1, 1200), file('c.log.1', 2, 800)],
    [file('c.log', 1, 50), file('c.log.1', 2, 1250)],
    100,
  ],
  [
    'copytruncate and delaycompress, when the copy before is compressed',
    [file('c.log', 1, 700), file('c.log.1', 2, 1200)],
    [file('c.log', 1, 50), file('c.log.2.gz', 3, 1200, ...NEW), file('c.log.1', 2, 900, 115n, 120n)],
    250,
  ],
  [
    'the same, where the copy before is as large as the log has become since',
    [file('c.log', 1, 700), file('c.log.1', 2, 700)],
    [file('c.log', 1, 50), file('c.log.2.gz', 3, 700, ...NEW), file('c.log.1', 2, 900, 115n, 120n)],
    250,
  ],
  [
    'a compressed copy of more than 4 GiB, which tells its size modulo 4 GiB',
    [file('c.log', 1, 5 * GIB)],
    [file('c.log', 1, 50), file('c.log.1.gz', 2, GIB + 200, ...NEW)],
    250,
  ],
  [
    'compression within a tick, into the inode number of a file that was removed',
    [file('c.log', 1, 1000), file('c.log.1.gz', 2, 900)],
    [file('c.log', 3, 30, ...NEW), file('c.log.1.gz', 2, 1200, 115n, 115n)],
    230,
  ],
];

for (const [about, before, now, written] of CASES) {
  test(about, () => assert.equal(writtenBytes(before, now, SINCE), written));
}

test('the first look counts nothing', () => {
  assert.equal(writtenBytes([], [file('c.log', 1, 1000, ...NEW)], undefined), 0);
});
