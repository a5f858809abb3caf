import { parseArgs } from 'node:util';
import type { Option } from './option.ts';
import { UsageError } from './usage-error.ts';

export type Value = string | number | boolean;

/** The values by name of `--name value`, `--name=value`, `--switch` and `--no-switch`. Throws `UsageError`. */
export function parseFlags(args: readonly string[], options: Readonly<Record<string, Option>>): Record<string, Value> {
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(options).map(([name, option]) => [
        name,
        { type: typeof option.default === 'boolean' ? 'boolean' : 'string' } as const,
      ]),
    ),
    strict: false,
    tokens: true,
  });
  const values: Record<string, Value> = {};
  for (const token of tokens) {
    if (token.kind === 'positional') throw new UsageError(`unexpected argument ${JSON.stringify(token.value)}`);
    if (token.kind !== 'option') continue;
    const negated = token.name.startsWith('no-') && !Object.hasOwn(options, token.name);
    const name = negated ? token.name.slice(3) : token.name;
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (!option || (negated && typeof option.default !== 'boolean'))
      throw new UsageError(`unknown flag ${token.rawName}`);
    if (negated && token.value !== undefined) throw new UsageError(`flag ${token.rawName} takes no value`);
    const raw = token.value ?? (typeof option.default === 'boolean' ? !negated : undefined);
    values[name] = convert(`flag --${name}`, option, raw);
  }
  return values;
}

/**
 * The values by name of variables: `FORESHOCK_LOG_LEVEL` is `--log.level`. A container's health check gets its
 * exporter's settings so.
 */
export function parseEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  options: Record<string, Option>,
): Record<string, Value> {
  const values: Record<string, Value> = {};
  for (const [name, option] of Object.entries(options)) {
    const variable = `FORESHOCK_${name.toUpperCase().replaceAll(/[.-]/g, '_')}`;
    const raw = environment[variable];
    if (raw !== undefined) values[name] = convert(variable, option, raw);
  }
  return values;
}

/**
 * Converts a value to the type of its option's default and checks it. `about` starts the message of the `UsageError`.
 */
export function convert(about: string, option: Option, raw: unknown): Value {
  const value = convertType(about, option, raw);
  const problem = option.check?.(value);
  if (problem) throw new UsageError(`${about}: ${problem}, not ${JSON.stringify(raw)}`);
  return value;
}

function convertType(about: string, option: Option, raw: unknown): Value {
  if (raw === undefined || raw === null) throw new UsageError(`${about} needs a value`);
  switch (typeof option.default) {
    case 'boolean':
      if (raw === true || raw === 'true') return true;
      if (raw === false || raw === 'false') return false;
      throw new UsageError(`${about} must be true or false, not ${JSON.stringify(raw)}`);
    case 'number':
      return typeof raw === 'number' ? raw : typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : Number.NaN;
    default:
      if (typeof raw !== 'string') throw new UsageError(`${about} must be text, not ${JSON.stringify(raw)}`);
      return raw;
  }
}
