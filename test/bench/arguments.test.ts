import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseArguments } from '../../bench/arguments.ts';

const KNOWN = ['scrape', 'walk', 'rules'];

test('without names all benches run, one round', () => {
  assert.deepEqual(parseArguments([], KNOWN), { names: KNOWN, against: undefined, rounds: 1, into: undefined });
});

test('names, a commit and a number of rounds, in any order', () => {
  const expected = { names: ['walk', 'scrape'], against: 'v1.0~2', rounds: 5, into: undefined };
  assert.deepEqual(parseArguments(['walk', '--rounds=5', 'scrape', '--against=v1.0~2'], KNOWN), expected);
  assert.deepEqual(parseArguments(['--against', 'v1.0~2', '--rounds', '5', 'walk', 'scrape'], KNOWN), expected);
});

test('a document to write into', () => {
  assert.equal(parseArguments(['--into=docs/a.md'], KNOWN).into, 'docs/a.md');
});

test('a comparison has three rounds', () => {
  assert.equal(parseArguments(['--against=HEAD'], KNOWN).rounds, 3);
});

for (const [args, message] of [
  [['wlak'], /^no bench is called wlak: they are scrape, walk, rules$/],
  [['--rounds=0'], /^--rounds takes a number from 1, not 0$/],
  [['--rounds=1.5'], /^--rounds takes a number from 1, not 1\.5$/],
  [['--agianst=HEAD'], /agianst/],
] as const) {
  test(`${args.join(' ')} is refused`, () => {
    assert.throws(() => parseArguments(args, KNOWN), { message });
  });
}
