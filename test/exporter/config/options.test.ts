import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { defaultText, flagSyntax, flagsHelp, helpText } from '../../../exporter/config/help.ts';
import { flag, integer, oneOf, text } from '../../../exporter/config/option.ts';
import { parseListenAddress } from '../../../exporter/config/options.ts';
import { anyTextWith } from '../../any-text.ts';

test('addresses to listen on', () => {
  const cases: [text: string, expected: ReturnType<typeof parseListenAddress>][] = [
    [':10777', { host: undefined, port: 10777 }],
    ['127.0.0.1:10777', { host: '127.0.0.1', port: 10777 }],
    ['localhost:0', { host: 'localhost', port: 0 }],
    ['[::1]:65535', { host: '::1', port: 65535 }],
    ['[::ffff:1.2.3.4]:80', { host: '::ffff:1.2.3.4', port: 80 }],
    ['10777', undefined],
    [':', undefined],
    [':65536', undefined],
    ['::1:80', undefined],
    ['[]:80', undefined],
    ['[localhost]:80', undefined],
    ['localhost:http', undefined],
    ['', undefined],
  ];
  for (const [text, expected] of cases) assert.deepEqual(parseListenAddress(text), expected, text);
});

test('any text is an address or none', () => {
  fc.assert(
    fc.property(anyTextWith(':', '[', ']', '1', 'a', '.'), (text) => {
      const address = parseListenAddress(text);
      if (address) assert.ok(address.port >= 0 && address.port <= 65_535 && address.host !== '');
    }),
  );
});

test('what options refuse', () => {
  const whole = integer(5, 'Help.', 1);
  for (const value of [1, 5, 2 ** 40]) assert.equal(whole.check?.(value), undefined);
  for (const value of [0, -1, 1.5, NaN, Infinity, 2 ** 60]) {
    assert.equal(whole.check?.(value), 'must be a whole number of at least 1', String(value));
  }
  const choice = oneOf('a', ['a', 'b'], 'Help.');
  assert.equal(choice.check?.('b'), undefined);
  assert.equal(choice.check?.('c'), 'must be one of a, b');
  assert.equal(text('', 'Help.').check, undefined);
});

test('flags as help writes them', () => {
  assert.equal(flagSyntax('x', flag(true, 'Export x.')), '--no-x');
  assert.equal(flagSyntax('x', flag(false, 'Once.')), '--x');
  assert.equal(flagSyntax('x', integer(1, '')), '--x=NUMBER');
  assert.equal(flagSyntax('x', text('a', '')), '--x=TEXT');
  assert.equal(helpText(flag(true, 'Export zombies.')), 'Do not export zombies.');
  assert.equal(helpText(flag(false, 'Exit.')), 'Exit.');
  assert.deepEqual([flag(true, ''), text('', ''), integer(0, '')].map(defaultText), ['', '', '0']);
  assert.equal(
    flagsHelp({ a: text('x', 'Help of a.'), b: flag(true, 'Export b.') }),
    '  --a=TEXT\n        Help of a. (default: x)\n  --no-b\n        Do not export b.',
  );
});
