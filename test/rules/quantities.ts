import type { Threshold } from '../../rules/signature.ts';

interface Unit {
  /** As it is shown after a number. */
  readonly symbol: string;
  readonly size: number;
  /** How else prose may write it: a regular expression. */
  readonly words?: string;
}

/** The units of prose by that of a threshold, largest first. */
const UNITS: Readonly<Record<Threshold['unit'], readonly Unit[]>> = {
  bytes: [
    { symbol: 'GiB', size: 2 ** 30 },
    { symbol: 'MiB', size: 2 ** 20 },
    { symbol: 'GB', size: 1e9 },
    { symbol: 'MB', size: 1e6 },
    { symbol: 'bytes', size: 1 },
  ],
  'bytes/second': [
    { symbol: 'MB/s', size: 1e6, words: 'MB (?:a|per) second' },
    { symbol: 'bytes/s', size: 1, words: 'bytes (?:a|per) second' },
  ],
  seconds: [
    { symbol: 'h', size: 3600, words: 'hours?' },
    { symbol: 'min', size: 60, words: 'minutes?' },
    { symbol: 's', size: 1, words: 'seconds?' },
  ],
  ratio: [{ symbol: '%', size: 0.01, words: 'percent' }],
  count: [{ symbol: '', size: 1, words: 'times' }],
  cores: [{ symbol: 'cores', size: 1, words: 'core' }],
  'pages/second': [{ symbol: 'pages/s', size: 1, words: 'pages (?:a|per) second' }],
};

const NUMERALS: Readonly<Record<number, string>> = {
  0.5: 'half an?',
  1: 'an?|one',
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

/** From here on a number alone is taken for a threshold, whatever its unit. */
const CONSPICUOUS = 50;

/** The default of a threshold for people: `5 MB/s`, `15 min`, `60 %`, `2,000`. */
export function shownDefault({ default: value, unit }: Threshold): string {
  const units = UNITS[unit];
  const fitting = units.find(({ size }) => Number.isInteger(inUnit(value, size))) ?? units.at(-1);
  return `${inUnit(value, fitting?.size ?? 1).toLocaleString('en-US')} ${fitting?.symbol ?? ''}`.trim();
}

/** Where prose writes the default of a threshold: `5 minutes`, `five minutes` and `300 s` are all 300 seconds. */
export function statementsOf({ default: value, unit }: Threshold, prose: string): string[] {
  const quantities = UNITS[unit].map(({ symbol, size, words }) => {
    const names = [symbol, words].filter((name) => name).join('|');
    return `${numberOf(inUnit(value, size))}(?:${names})(?![\\w/])`;
  });
  const alone = value >= CONSPICUOUS ? [`(?:${digitsOf(value)})(?!\\w|\\s?%|[.,]\\d)`] : [];
  const pattern = new RegExp(`(?<![\\w.,-]|half )(?:${[...quantities, ...alone].join('|')})`, 'g');
  return [...prose.matchAll(pattern)].map(([found]) => found);
}

function inUnit(value: number, size: number): number {
  return Number((value / size).toPrecision(12));
}

/** A regular expression of a number before its unit. */
function numberOf(value: number): string {
  const numeral = NUMERALS[value];
  return `(?:(?:${digitsOf(value)})[\\s-]?${numeral ? `|(?:${numeral})[\\s-]` : ''})`;
}

function digitsOf(value: number): string {
  return [String(value), value.toLocaleString('en-US')].map((digits) => digits.replaceAll('.', '\\.')).join('|');
}
