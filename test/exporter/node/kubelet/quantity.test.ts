import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseQuantity } from '../../../../exporter/node/kubelet/quantity.ts';
import { anyTextWith } from '../../../any-text.ts';

const FACTORS = { '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, Ki: 1024, Mi: 1024 ** 2, Gi: 1024 ** 3, Ti: 1024 ** 4 };

test('quantities as Kubernetes reads them', () => {
  const cases = [
    ['10Mi', 10 * 1024 ** 2],
    ['1.5G', 1.5e9],
    ['.5Ki', 512],
    ['1e9', 1e9],
    ['1E3', 1000],
    ['1E', 1e18],
    ['2Ei', 2 * 1024 ** 6],
    ['500m', 0.5],
    ['-1', -1],
    ['+5k', 5000],
    ['0', 0],
    [' 10Mi\n', 10 * 1024 ** 2],
  ] as const;
  for (const [text, value] of cases) assert.equal(parseQuantity(text), value, text);
});

test('what is no quantity is refused', () => {
  for (const text of [
    '',
    ' ',
    'Mi',
    '10mi',
    '10MB',
    '10 Mi',
    '1,5',
    '1.2.3',
    '--1',
    '0x10',
    'Infinity',
    'NaN',
    '1e',
    'toString',
  ]) {
    assert.throws(() => parseQuantity(text), /^Error: not a quantity$/, text);
  }
});

test('any quantity that is written is read back', () => {
  const suffix = fc.constantFrom(...(Object.keys(FACTORS) as (keyof typeof FACTORS)[]));
  fc.assert(
    fc.property(fc.integer({ min: -9999, max: 9999 }), suffix, (count, suffix) => {
      assert.equal(parseQuantity(`${count}${suffix}`), count * FACTORS[suffix]);
    }),
  );
});

test('any text is a number or an error', () => {
  const text = anyTextWith('1', '.', '-', '+', 'e', 'E', 'k', 'M', 'i', ' ');
  fc.assert(
    fc.property(text, (text) => {
      try {
        assert.ok(!Number.isNaN(parseQuantity(text)));
      } catch (error) {
        assert.match(String(error), /^Error: not a quantity$/);
      }
    }),
  );
});
