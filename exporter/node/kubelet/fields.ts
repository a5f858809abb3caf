import { parseGoDuration } from '../../formats/go-duration.ts';

/** A map of a configuration, whose values are not trusted: read them with the functions below. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A whole number, as such or as a flag's text; undefined when the field is not set. */
export function integerField(fields: Fields, name: string): number | undefined {
  const value = fields[name] ?? undefined;
  if (value === undefined) return undefined;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (!Number.isSafeInteger(number)) throw new Error(`${name}: not a whole number: ${JSON.stringify(value)}`);
  return number as number;
}

/** Seconds; undefined when the field is not set, or zero, which is the same to the kubelet. */
export function durationField(fields: Fields, name: string): number | undefined {
  const value = fields[name] ?? undefined;
  if (value === undefined) return undefined;
  try {
    return parseGoDuration(String(value)) || undefined;
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
  }
}

/** A switch, as such or as a flag's text (Go, strconv.ParseBool); undefined when the field is not set. */
export function booleanField(fields: Fields, name: string): boolean | undefined {
  const value = fields[name] ?? undefined;
  if (value === undefined || typeof value === 'boolean') return value;
  if (/^(1|t|T|true|TRUE|True)$/.test(String(value))) return true;
  if (/^(0|f|F|false|FALSE|False)$/.test(String(value))) return false;
  throw new Error(`${name}: not a boolean: ${JSON.stringify(value)}`);
}
