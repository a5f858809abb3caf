import { parseGoDuration } from '../../formats/go-duration.ts';

/** A map of a configuration, whose values are not trusted: read them with the functions below. Their errors do not quote them. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A whole number, as such or as a flag's text; undefined when the field is not set. */
export function integerField(fields: Fields, name: string): number | undefined {
  const value = fields[name] ?? undefined;
  if (value === undefined) return undefined;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (!Number.isSafeInteger(number)) throw new Error(`${name}: not a whole number`);
  return number as number;
}

/** Seconds; undefined when the field is not set, or zero, which is the same to the kubelet. */
export function durationField(fields: Fields, name: string): number | undefined {
  const text = textField(fields, name);
  if (text === undefined) return undefined;
  try {
    return parseGoDuration(text) || undefined;
  } catch {
    throw new Error(`${name}: not a duration`);
  }
}

/** A switch, as such or as a flag's text (Go, strconv.ParseBool); undefined when the field is not set. */
export function booleanField(fields: Fields, name: string): boolean | undefined {
  const text = textField(fields, name);
  if (text === undefined) return undefined;
  if (/^(1|t|T|true|TRUE|True)$/.test(text)) return true;
  if (/^(0|f|F|false|FALSE|False)$/.test(text)) return false;
  throw new Error(`${name}: not a boolean`);
}

/**
 * The text of a text, number or boolean; undefined when the field is not set. Never that of a list: with aliases of YAML
 * a list of 1 KB can be as long as memory.
 */
export function textField(fields: Fields, name: string): string | undefined {
  const value = fields[name] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value === 'object') throw new Error(`${name}: not a single value`);
  return String(value);
}
