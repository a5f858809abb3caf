import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseTime } from '../../../exporter/cluster/time.ts';
import { anyTextWith } from '../../any-text.ts';

test('times as the API writes them', () => {
  const cases = [
    ['2026-11-20T23:49:56Z', 1795218596],
    ['2026-11-20T23:49:56.180927Z', 1795218596.180927],
    ['2026-11-20T23:49:56.1Z', 1795218596.1],
    ['2026-11-20T23:49:56.180927999Z', 1795218596.180927],
    ['2026-11-21T01:49:56+02:00', 1795218596],
    ['2026-11-20T18:19:56.5-05:30', 1795218596.5],
    ['2024-02-29T00:00:00Z', 1709164800],
  ] as const;
  for (const [text, seconds] of cases) assert.equal(parseTime(text), seconds, text);
});

test('anything else is no time', () => {
  for (const text of [
    null,
    undefined,
    1795218596,
    {},
    '',
    '0001-01-01T00:00:00Z',
    '2026-11-20',
    '2026-11-20T23:49:56',
    '2026-11-20 23:49:56Z',
    '2026-13-20T23:49:56Z',
    '2026-11-20T23:60:56Z',
    '2026-11-20T23:49:56.Z',
    '2026-11-20T23:49:56,5Z',
    ' 2026-11-20T23:49:56Z',
    '2026-11-20T23:49:56Z\n',
  ]) {
    assert.equal(parseTime(text), undefined, String(text));
  }
});

test('every microsecond is read back', () => {
  const seconds = fc.integer({ min: 1, max: 4_000_000_000 });
  fc.assert(
    fc.property(seconds, fc.integer({ min: 0, max: 999_999 }), (whole, micro) => {
      const text = new Date(whole * 1000).toISOString().replace('.000', `.${String(micro).padStart(6, '0')}`);
      assert.ok(Math.abs((parseTime(text) ?? 0) - (whole + micro / 1e6)) < 1e-6, text);
    }),
  );
});

test('any text is a positive number or nothing', () => {
  fc.assert(
    fc.property(anyTextWith('2026-11-20', 'T', '23:49:56', '.', '5', 'Z', '+02:00', '-'), (text) => {
      const seconds = parseTime(text);
      assert.ok(seconds === undefined || (Number.isFinite(seconds) && seconds > 0), text);
    }),
  );
});
