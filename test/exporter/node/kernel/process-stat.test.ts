import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  parseProcessStat,
  parseProcessTicks,
  parseStartTime,
  processState,
} from '../../../../exporter/node/kernel/process-stat.ts';
import { anyTextWith } from '../../../any-text.ts';
import { FIXTURES } from '../../../paths.ts';

/** The fields from the process group on, as a kernel printed them. */
const REST =
  '25993 25993 0 -1 4227148 28 0 0 0 0 0 0 0 20 0 1 0 248286 0 0 18446744073709551615 0 0 0 0 0 0 0 6 65536 1 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0\n';

const command = fc
  .uint8Array({ maxLength: 15 })
  .map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 0)))
  .chain((bytes) => fc.constantFrom(bytes, Buffer.from(') Z 1 '), Buffer.from('a b)\n(c'), Buffer.from(')')));
const state = fc.constantFrom('R', 'S', 'D', 'Z', 'T', 't', 'X', 'x', 'I', 'P');
const pid = fc.integer({ min: 0, max: 4_194_304 });

test('a recorded zombie and its parent', () => {
  const read = (of: number) => readFileSync(join(FIXTURES, `host-containerd-cgroup1/proc/${of}/stat`), 'utf8');
  assert.deepEqual(parseProcessStat(read(26162)), { pid: 26162, command: 'sh', state: 'Z', parent: 25993 });
  assert.deepEqual(parseProcessStat(read(25993)), { pid: 25993, command: 'sleep', state: 'S', parent: 25676 });
});

test('a command of any bytes is read back', () => {
  fc.assert(
    fc.property(pid, command, state, pid, (pid, bytes, state, parent) => {
      const line = Buffer.concat([Buffer.from(`${pid} (`), bytes, Buffer.from(`) ${state} ${parent} ${REST}`)]);
      const text = line.toString('utf8');
      assert.deepEqual(parseProcessStat(text), { pid, command: bytes.toString('utf8'), state, parent });
      assert.equal(processState(text), state);
      assert.equal(parseProcessTicks(text), 0);
      assert.equal(parseStartTime(text), 248_286);
    }),
  );
});

test('any text is a process or an error that quotes its beginning', () => {
  const text = anyTextWith('1', ' ', '(', ')', ') Z ', '\n', 'Z', '-');
  fc.assert(
    fc.property(text, (text) => {
      try {
        const stat = parseProcessStat(text);
        assert.ok(Number.isInteger(stat.pid) && Number.isInteger(stat.parent) && stat.state.length === 1);
      } catch (error) {
        assert.match(String(error), /^Error: not a \/proc\/PID\/stat line: "/);
      }
      try {
        assert.equal(processState(text).length, 1);
      } catch (error) {
        assert.match(String(error), /^Error: not a \/proc\/PID\/stat line: "/);
      }
      try {
        assert.ok(Number.isInteger(parseProcessTicks(text)));
        assert.ok(Number.isInteger(parseStartTime(text)));
      } catch (error) {
        assert.match(String(error), /^Error: not a \/proc\/PID\/stat line: "/);
      }
    }),
  );
});

test('time in user mode and in the kernel, not that of children', () => {
  assert.equal(
    parseProcessTicks('45 (ksw) apd0) S 2 0 0 0 -1 2230336 1 2 3 4 150 2000 7 9 20 0 1 0 21 0 0 18446\n'),
    2150,
  );
  for (const line of ['', '45 (kswapd0) S 2', '45 (kswapd0) S 2 0 0 0 -1 2230336 1 2 3 4 150 x 7']) {
    assert.throws(() => parseProcessTicks(line), /not a \/proc\/PID\/stat line/, line);
  }
});

test('when a process started', () => {
  const text = readFileSync(join(FIXTURES, 'host-containerd-cgroup1/proc/2788/stat'), 'utf8');
  assert.equal(parseStartTime(text), 234_928);
  assert.throws(() => parseStartTime('2788 (kubelet) S 1 2626 1320 0 -1'), /not a \/proc\/PID\/stat line/);
});

test('what is not a stat line is refused', () => {
  const lines = [
    '',
    '\n',
    '26162',
    '26162 (sh)',
    '26162 (sh) ',
    '26162 (sh) Z',
    '26162 (sh) Z ?',
    '(sh) Z 1',
    ') 1 ( Z 1',
  ];
  for (const line of lines) assert.throws(() => parseProcessStat(line), /not a \/proc\/PID\/stat line/, line);
});
