/** A duration as rule files write it, in one unit. */
export type PrometheusDuration = `${number}${'s' | 'm' | 'h' | 'd'}`;

const SECONDS = { d: 86_400, h: 3_600, m: 60, s: 1 } as const;

/** From the largest to the smallest. */
const UNITS = [
  ['d', SECONDS.d],
  ['h', SECONDS.h],
  ['min', SECONDS.m],
  ['s', SECONDS.s],
] as const;

/** `90 s`, `2 min`, `1 h 30 min`, `100 ms`: at most two units. Takes seconds, or a duration of a rule file. */
export function duration(value: number | PrometheusDuration): string {
  const seconds = typeof value === 'number' ? value : secondsOf(value);
  if (seconds < 1) return seconds === 0 ? '0 s' : `${rounded(seconds * 1000)} ms`;
  if (seconds < 2 * SECONDS.m && seconds !== SECONDS.m) return `${rounded(seconds)} s`;
  const index = UNITS.findIndex(([, size]) => seconds >= size);
  const [[unit, size] = UNITS[0], [nextUnit, nextSize] = UNITS[3]] = UNITS.slice(index);
  const total = Math.round(seconds / nextSize) * nextSize;
  const rest = (total % size) / nextSize;
  return `${Math.floor(total / size)} ${unit}${rest === 0 ? '' : ` ${rest} ${nextUnit}`}`;
}

function secondsOf(value: PrometheusDuration): number {
  return Number.parseFloat(value) * SECONDS[value.slice(-1) as keyof typeof SECONDS];
}

/** `1 GiB` where it is a whole number of a binary unit, else `5.77 GB`. */
export function bytes(value: number): string {
  const binary = BINARY.find(([, size]) => value >= size);
  if (binary && value % binary[1] === 0) return `${value / binary[1]} ${binary[0]}`;
  const [unit, size] = DECIMAL.find(([, least]) => value >= least) ?? ['B', 1];
  return `${rounded(value / size)} ${unit}`;
}

const BINARY = [
  ['TiB', 2 ** 40],
  ['GiB', 2 ** 30],
  ['MiB', 2 ** 20],
  ['KiB', 2 ** 10],
] as const;

const DECIMAL = [
  ['TB', 1e12],
  ['GB', 1e9],
  ['MB', 1e6],
  ['kB', 1e3],
] as const;

/** `60 %` of a ratio of 0.6. */
export function percent(ratio: number): string {
  return `${rounded(100 * ratio)} %`;
}

/** Three significant digits, or all before the point. */
function rounded(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}
