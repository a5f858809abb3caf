import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatted, shown } from './unit-format.ts';

test('values are written as Grafana writes them', () => {
  const cases: [number, string, string][] = [
    [0, 'bytes', '0 B'],
    [64_367_493_120, 'bytes', '59.9 GiB'],
    [59_776_000, 'binBps', '57 MiB/s'],
    [0.0031, 's', '3.1 ms'],
    [11.5, 's', '11.5 s'],
    [352, 's', '5.87 min'],
    [0.855, 'percentunit', '85.5%'],
    [19_782, 'short', '19.8 K'],
    [1, 'short', '1'],
    [0.25, 'reqps', '0.25 req/s'],
    [Date.parse('2026-01-05T10:00:00Z'), 'dateTimeAsIso', '2026-01-05 10:00:00'],
    [Infinity, 'bytes', '∞'],
  ];
  for (const [value, unit, text] of cases) assert.equal(formatted(value, unit), text);
  assert.equal(formatted(2.5, 's', 0), '3 s');
  assert.throws(() => formatted(1, 'furlongs'), /furlongs/);
});

test('a mapping comes before the unit', () => {
  const options = { from: 1e18, to: null, result: { text: 'none' } };
  const config = { unit: 'bytes', mappings: [{ type: 'range' as const, options }] };
  assert.equal(shown(Infinity, config), 'none');
  assert.equal(shown(1024, config), '1 KiB');
});
