/** Parses JSON. Its shape is not trusted: read it with `property` and `stringProperty`. */
export function parseJson(text: string): unknown {
  if (text.trim() === '') throw new Error('the file is empty');
  return JSON.parse(text);
}

/** `value[name]`; undefined if `value` is not an object or does not have that own property. */
export function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

/** As `property`, but also undefined if it is not a string. */
export function stringProperty(value: unknown, name: string): string | undefined {
  const found = property(value, name);
  return typeof found === 'string' ? found : undefined;
}
