/** Text as JSON, whose shape is not trusted: read it with `property` and `stringProperty`. */
export function parseJson(text: string): unknown {
  if (text.trim() === '') throw new Error('the file is empty');
  return JSON.parse(text);
}

/** `value[name]`, undefined when `value` is not an object or has no such property of its own. */
export function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

/** As `property`, undefined too when it is not a string. */
export function stringProperty(value: unknown, name: string): string | undefined {
  const found = property(value, name);
  return typeof found === 'string' ? found : undefined;
}
