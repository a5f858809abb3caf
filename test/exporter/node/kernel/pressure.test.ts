import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Tree } from '../../../../exporter/node/host/tree.ts';
import { parsePressure, readPressure } from '../../../../exporter/node/kernel/pressure.ts';
import { anyTextWith } from '../../../any-text.ts';
import { temporaryHost } from '../host/temporary-host.ts';

/** Recorded in a container that read a file of 40 MB below a limit of 12 MiB. */
const SQUEEZED = `some avg10=14.29 avg60=13.93 avg300=12.79 total=80774833
full avg10=14.29 avg60=13.93 avg300=12.79 total=80774832
`;

test('what tasks waited, in microseconds', () => {
  assert.deepEqual(parsePressure(SQUEEZED), { some: 80_774_833, full: 80_774_832 });
});

test('what is not a pressure file is refused', () => {
  for (const text of ['', 'some total=1\n', 'some avg10=0.00 total=\nfull avg10=0.00 total=1\n']) {
    assert.throws(() => parsePressure(text), /not a pressure file/, text);
  }
});

test('any text is a pressure or an error', () => {
  fc.assert(
    fc.property(anyTextWith('some ', 'full ', 'avg10=0.00 ', 'total=', '12', '\n'), (text) => {
      try {
        const { some, full } = parsePressure(text);
        assert.ok(some >= 0 && full >= 0);
      } catch (error) {
        assert.match(String(error), /^Error: not a pressure file: "/);
      }
    }),
  );
});

test('a cgroup without the file, and one where pressure is switched off', (t) => {
  const { host } = temporaryHost(t, { '/sys/a/memory.pressure': SQUEEZED });
  assert.equal(readPressure(host.sysfs, '/a/memory.pressure')?.some, 80_774_833);
  assert.equal(readPressure(host.sysfs, '/b/memory.pressure'), undefined);
  assert.equal(readPressure(refusing('ENOTSUP'), '/a/memory.pressure'), undefined);
  assert.equal(readPressure(refusing('EOPNOTSUPP'), '/a/memory.pressure'), undefined);
  assert.throws(() => readPressure(refusing('EACCES'), '/a/memory.pressure'), { code: 'EACCES' });
});

/** A tree in which every read fails with this code. */
function refusing(code: string): Tree {
  return new (class extends Tree {
    override read(): string {
      throw Object.assign(new Error(`${code}: refused, read`), { code });
    }
  })('/sys');
}
