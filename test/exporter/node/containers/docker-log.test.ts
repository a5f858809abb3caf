import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseHumanSize, parseLogConfig } from '../../../../exporter/node/containers/docker-log.ts';
import { anyJsonText, parsesOrThrows } from '../../../any-json.ts';
import { anyTextWith } from '../../../any-text.ts';

const MIB = 1024 ** 2;

test('limits of logging drivers', () => {
  const cases: [driver: string, options: object | null, limit: number][] = [
    ['json-file', {}, Infinity],
    ['json-file', null, Infinity],
    ['json-file', { 'max-size': '1m' }, 1_000_000],
    ['json-file', { 'max-file': '3', 'max-size': '1m' }, 3_000_000],
    ['json-file', { 'max-file': '3' }, Infinity],
    ['json-file', { 'max-file': '0', 'max-size': '1m' }, 1_000_000],
    ['json-file', { 'max-file': 'many', 'max-size': '1m' }, 1_000_000],
    ['json-file', { 'max-size': '-1' }, Infinity],
    ['json-file', { 'max-size': '0' }, Infinity],
    ['json-file', { 'max-size': 1000 }, Infinity],
    ['local', {}, 5 * 20 * MIB],
    ['local', { 'max-file': '2' }, 2 * 20 * MIB],
    ['local', { 'max-size': '10m' }, 50_000_000],
    ['local', { 'max-file': '1', 'max-size': '10m' }, 10_000_000],
    ['gelf', {}, 5 * 20 * MIB],
    ['gelf', { 'max-size': '1m', 'cache-max-size': '2m', 'cache-max-file': '3' }, 6_000_000],
    ['grafana/loki-docker-driver:latest', null, 5 * 20 * MIB],
  ];
  for (const [driver, options, limit] of cases) {
    const text = JSON.stringify({ LogConfig: { Type: driver, Config: options } });
    assert.deepEqual(parseLogConfig(text), { driver, limit }, text);
  }
});

test('what is no log configuration is refused', () => {
  for (const text of ['{}', '[]', 'null', '{"LogConfig":{}}', '{"LogConfig":{"Type":3}}']) {
    assert.throws(() => parseLogConfig(text), /LogConfig\.Type is missing/, text);
  }
  assert.throws(() => parseLogConfig(' \n'), /the file is empty/);
  assert.throws(() => parseLogConfig('{"LogConfig":{"Type":"js'), SyntaxError);
  assert.throws(
    () => parseLogConfig('{"LogConfig":{"Type":"json-file","Config":{"max-size":"1x"}}}'),
    /max-size: not a size$/,
  );
});

test('any JSON has a driver and a limit above zero, or is an error', () => {
  fc.assert(
    fc.property(anyJsonText('LogConfig', 'Type', 'Config', 'max-size', 'max-file'), (text) => {
      parsesOrThrows(text, parseLogConfig, ({ driver, limit }) => {
        assert.equal(typeof driver, 'string');
        assert.ok(limit > 0);
      });
    }),
  );
});

test('sizes as Docker reads them', () => {
  const cases = [
    ['1m', 1e6],
    ['1M', 1e6],
    ['1MB', 1e6],
    ['1mib', 1e6],
    ['1.5 GB', 1.5e9],
    ['10 k', 1e4],
    ['100', 100],
    ['7b', 7],
    ['0.1k', 100],
    ['2t', 2e12],
    ['1p', 1e15],
    [' 1m\n', 1e6],
    ['1.9', 1],
    ['0', undefined],
    ['0.5', undefined],
    ['-1', undefined],
  ] as const;
  for (const [text, bytes] of cases) assert.equal(parseHumanSize(text), bytes, text);
  for (const text of ['', ' ', 'm', '1x', '1mm', '-2', '1,5m', '1  m', '1m 2k', '0x10', 'Infinity', 'NaN']) {
    assert.throws(() => parseHumanSize(text), /^Error: max-size: not a size$/, text);
  }
});

test('any size that is written is read back', () => {
  const unit = fc.constantFrom('', 'k', 'm', 'g', 't');
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9000 }),
      unit,
      fc.constantFrom('', 'b', 'ib', 'B'),
      fc.boolean(),
      (count, unit, end, isUpper) => {
        const text = `${count}${isUpper ? unit.toUpperCase() : unit}${unit && end}`;
        assert.equal(parseHumanSize(text), count * 1000 ** ['', 'k', 'm', 'g', 't'].indexOf(unit));
      },
    ),
  );
});

test('any text is a size above zero, no limit, or an error', () => {
  const text = anyTextWith('1', '0', '.', '-', ' ', 'k', 'M', 'i', 'b');
  fc.assert(
    fc.property(text, (text) => {
      parsesOrThrows(text, parseHumanSize, (bytes) => assert.ok(bytes === undefined || bytes >= 1));
    }),
  );
});
