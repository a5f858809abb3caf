import { convert, parseEnvironment, parseFlags, type Value } from './flags.ts';
import type { Option, OptionValues } from './option.ts';
import { UsageError } from './usage-error.ts';
import { readYamlMapping } from './yaml.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The values of `options`: flags override the environment, which overrides the YAML file of `--config.file`, which
 * overrides the defaults. Keys of the file that `ignoresKey` accepts are skipped. Throws `UsageError`.
 */
export function readValues<Options extends Record<string, Option>>(
  flags: readonly string[],
  options: Options,
  environment: Environment,
  ignoresKey: (key: string) => boolean = () => false,
): OptionValues<Options> {
  const given = { ...parseEnvironment(environment, options), ...parseFlags(flags, options) };
  const file = given['config.file'];
  const settings = typeof file === 'string' && file !== '' ? parseFile(file, options, ignoresKey) : {};
  const values: Record<string, Value> = {};
  for (const [name, option] of Object.entries(options)) {
    values[name] = given[name] ?? settings[name] ?? option.default;
  }
  return values as OptionValues<Options>;
}

function parseFile(
  path: string,
  options: Record<string, Option>,
  ignoresKey: (key: string) => boolean,
): Record<string, Value> {
  const values: Record<string, Value> = {};
  for (const [name, value] of Object.entries(readYamlMapping(path))) {
    if (ignoresKey(name)) continue;
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (!option) throw new UsageError(`${path}: unknown key ${JSON.stringify(name)}; keys are the names of the flags`);
    values[name] = convert(`${path}: ${name}`, option, value);
  }
  return values;
}
