/**
 * Parses JSON. Its shape is not trusted: read it with `property` and `stringProperty`. Throws a SyntaxError that has nothing
 * of the text in it: that may be a secret, and errors are logged.
 */
export function parseJson(text: string): unknown {
  if (text.trim() === '') throw new Error('the file is empty');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SyntaxError(withoutText((error as Error).message, text));
  }
}

/**
 * V8 writes `Unterminated string in JSON at position 8 (line 1 column 9)`, and quotes the text where it gives no position:
 * `Unexpected token 'r', "root:x:0:0" is not valid JSON`.
 */
function withoutText(message: string, text: string): string {
  if (message.startsWith('Unexpected token')) return 'Unexpected token in JSON';
  const position = / at position (\d+)/.exec(message);
  if (!position) return 'not valid JSON';
  const line = text.slice(0, Number(position[1])).split('\n').length;
  return `${message.slice(0, position.index)} (line ${line})`;
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
