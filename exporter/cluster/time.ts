/** RFC 3339, as Go writes it: up to nine digits of a second, `Z` or an offset. */
const RFC3339 = /^(\d{4}-\d\d-\d\dT[0-2]\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/**
 * A time of the API in seconds of Unix time, to the microsecond: meta/v1 Time (`2026-11-20T23:49:56Z`) or MicroTime
 * (`2026-11-20T23:49:56.180927Z`). Undefined for anything else, and for times before 1970: Go's unset time is in year
 * 1.
 */
export function parseTime(text: unknown): number | undefined {
  if (typeof text !== 'string') return undefined;
  const [, whole, fraction = '', zone] = RFC3339.exec(text) ?? [];
  const seconds = Date.parse(`${whole}${zone}`) / 1000;
  if (!(seconds > 0)) return undefined;
  return seconds + Number(`0${fraction.slice(0, 7)}`);
}
