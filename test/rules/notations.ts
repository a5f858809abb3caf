import { amount } from '../../rules/amount.ts';
import type { Threshold } from '../../rules/signature.ts';

type Unit = Threshold['unit'];

/** A pattern of all ways in which prose writes a number of this unit: `5 min`, `five minutes`, `300 s`, `5-minute`. */
export function notationsOf(value: number, unit: Unit): RegExp {
  const quantities = UNITS[unit].flatMap(([size, names]) =>
    numbersOf(value / size).flatMap((number) => names.map((name) => number + name)),
  );
  const alone = value >= CONSPICUOUS ? digitsOf(value) : [];
  const patterns = [...quantities, ...[...alone, ...wordingsOf(value, unit)].map(escaped)];
  return new RegExp(
    `(?<![\\w.,-]|half )(?:${patterns.join('|')})(?![\\w/]|\\s?%|[.,]\\d${unit === 'ratio' ? '|\\s?(?:s|GB|MB)\\b' : ''})`,
    'gi',
  );
}

/** A number of this size is found without its unit. */
const CONSPICUOUS = 50;

/** Sizes by unit, with patterns of their names. */
const UNITS: Readonly<Record<Unit, readonly (readonly [number, readonly string[]])[]>> = {
  seconds: [
    [1, ['s', 'seconds?']],
    [60, ['min', 'minutes?']],
    [3600, ['h', 'hours?']],
    [86_400, ['d', 'days?']],
  ],
  bytes: [
    [1, ['bytes', 'B']],
    [1e6, ['MB']],
    [1e9, ['GB']],
    [2 ** 20, ['MiB']],
    [2 ** 30, ['GiB']],
  ],
  'bytes/second': [[1e6, ['MB/s', 'MB (?:a|per) second']]],
  'pages/second': [[1, ['pages/s', 'pages (?:a|per) second']]],
  cores: [[1, ['cores?']]],
  ratio: [[0.01, ['percent']]],
  count: [[1, ['times']]],
};

const NUMERALS: Readonly<Record<number, string>> = {
  0.5: 'half an?',
  1: '(?:an?|one|a single)',
  2: 'two',
  3: 'three',
  4: 'four',
  5: 'five',
  6: 'six',
  10: 'ten',
  15: 'fifteen',
  20: 'twenty',
  30: 'thirty',
};

const FRACTIONS: Readonly<Record<number, string>> = {
  0.1: 'a tenth',
  0.2: 'a fifth',
  0.25: 'a quarter',
  0.5: 'half',
  0.75: 'three quarters',
};

/** Patterns of a number before its unit. */
function numbersOf(value: number): string[] {
  const numeral = NUMERALS[exact(value)];
  return [
    ...digitsOf(exact(value)).map((digits) => `${escaped(digits)}[\\s-]?`),
    ...(numeral ? [`${numeral}[\\s-]`] : []),
  ];
}

function digitsOf(value: number): string[] {
  return [String(value), value.toLocaleString('en-US')];
}

/** What stands without the name of a unit, or in the format of the rules. */
function wordingsOf(value: number, unit: Unit): readonly string[] {
  if (unit === 'count') return value === 2 ? ['more than once'] : [];
  if (unit !== 'ratio') return [amount(value, unit)];
  // What is left of the whole says the same: 0.9, and the last tenth.
  return [value, exact(1 - value)].flatMap((share) => [
    percentOf(share),
    percentOf(share).replace(' ', ''),
    String(share),
    ...(FRACTIONS[share] ? [FRACTIONS[share]] : []),
  ]);
}

function percentOf(ratio: number): string {
  return amount(ratio, 'ratio');
}

/** Without the error of floating point. */
function exact(value: number): number {
  return Number(value.toPrecision(12));
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^$()[\]|\\]/g, '\\$&');
}
