import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseGoDuration } from '../../../exporter/formats/go-duration.ts';
import { anyTextWith } from '../../any-text.ts';

test('durations as Go reads them', () => {
  const cases = [
    ['0', 0],
    ['-0', 0],
    ['0s', 0],
    ['10s', 10],
    ['5m0s', 300],
    ['1h15m30.918273645s', 4530.918273645],
    ['1.5h', 5400],
    ['.5m', 30],
    ['1.s', 1],
    ['+5s', 5],
    ['-1.5h', -5400],
    ['300ms', 0.3],
    ['250us', 0.00025],
    ['250µs', 0.00025],
    ['250μs', 0.00025],
    ['500ns', 5e-7],
    ['3s2m', 123],
    ['2562047h', 9223369200],
  ] as const;
  for (const [text, seconds] of cases) {
    assert.ok(Math.abs(parseGoDuration(text) - seconds) <= Math.abs(seconds) * 1e-12, text);
  }
});

test('what is no duration is refused', () => {
  for (const text of [
    '',
    ' ',
    '5',
    '10',
    's',
    '.s',
    '5 s',
    '5sec',
    '5d',
    '1,5s',
    '1.2.3s',
    '--5s',
    '5s-3s',
    '1e3s',
    'm5',
    '00',
  ]) {
    assert.throws(() => parseGoDuration(text), /^Error: not a duration: "/, text);
  }
  assert.throws(() => parseGoDuration('3000000h'), /is too long/);
});

test('any duration that Go writes is read back', () => {
  const part = (max: number) => fc.integer({ min: 0, max });
  fc.assert(
    fc.property(fc.boolean(), part(2_000_000), part(59), part(59), part(999_999_999), (minus, h, m, s, ns) => {
      const text = `${minus ? '-' : ''}${h}h${m}m${s}.${String(ns).padStart(9, '0')}s`;
      const seconds = h * 3600 + m * 60 + s + ns / 1e9;
      const parsed = parseGoDuration(text) * (minus ? -1 : 1);
      assert.ok(Math.abs(parsed - seconds) <= Math.max(1e-9, seconds * 1e-12), `${text}: ${parsed}`);
    }),
  );
});

test('any text is a number or an error', () => {
  fc.assert(
    fc.property(anyTextWith('1', '.', '-', '+', 'h', 'm', 's', 'ms', 'µs', 'ns', ' '), (text) => {
      try {
        assert.ok(Number.isFinite(parseGoDuration(text)));
      } catch (error) {
        assert.match(String(error), /^Error: not a duration: "/);
      }
    }),
  );
});
