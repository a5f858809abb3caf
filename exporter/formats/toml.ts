import { parse, TomlError } from 'smol-toml';

/**
 * Parses TOML. Its shape is not trusted: read it with `property` and `stringProperty`. Throws an error that has the line, and
 * nothing of the text: that may be a secret, and errors are logged.
 */
export function parseToml(text: string): unknown {
  try {
    return parse(text, { integersAsBigInt: 'asNeeded' });
  } catch (error) {
    throw new SyntaxError(error instanceof TomlError ? `not valid TOML (line ${error.line})` : 'not valid TOML');
  }
}
