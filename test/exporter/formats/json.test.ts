import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseJson } from '../../../exporter/formats/json.ts';

test('an error says what is wrong and in which line', () => {
  const cases: [text: string, error: RegExp][] = [
    [' ', /^Error: the file is empty$/],
    ['{"a":', /^SyntaxError: not valid JSON$/],
    ['{"a": "x', /^SyntaxError: Unterminated string in JSON \(line 1\)$/],
    ['{\n"a": 1,\n"b" 2}', /^SyntaxError: .* in JSON \(line 3\)$/],
    ['root:x:0', /^SyntaxError: Unexpected token in JSON$/],
  ];
  for (const [text, error] of cases) assert.throws(() => parseJson(text), error, text);
});

test('no error has anything of the text', () => {
  const secret = 'c0de';
  const around = fc.constantFrom('', '{', '"', ',', ':', '[', 'x', '\n', '1', '\\');
  fc.assert(
    fc.property(fc.array(around), fc.array(around), (before, after) => {
      try {
        parseJson([...before, secret, ...after].join(''));
      } catch (error) {
        assert.ok(!String(error).includes(secret.slice(0, 3)), String(error));
      }
    }),
  );
});
