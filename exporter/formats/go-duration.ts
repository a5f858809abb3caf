/** Seconds of each unit; both signs for micro, U+00B5 and U+03BC, are in use. */
const UNITS: Record<string, number> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

const PART = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g;
const WHOLE = new RegExp(`^[+-]?(?:0|(?:${PART.source})+)$`);

/** Go counts nanoseconds in 64 bits. */
const MAX_SECONDS = 2 ** 63 / 1e9;

/** Seconds of a duration as Go writes it: `1h0m0.5s`, `-1.5h`, `300ms`, `0` (time.ParseDuration). Throws for anything else. */
export function parseGoDuration(text: string): number {
  if (!WHOLE.test(text)) throw new Error(`not a duration: ${JSON.stringify(text)}`);
  let seconds = 0;
  for (const [, count, unit] of text.matchAll(PART)) seconds += Number(count) * (UNITS[unit ?? ''] ?? Number.NaN);
  if (seconds > MAX_SECONDS) throw new Error(`not a duration: ${JSON.stringify(text)} is too long`);
  return text.startsWith('-') && seconds > 0 ? -seconds : seconds;
}
