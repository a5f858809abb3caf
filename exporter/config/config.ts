import { parseArgs } from 'node:util';
import type { Watcher } from '../cluster/watcher.ts';
import type { Collector } from '../collector.ts';
import type { Option, OptionValues } from './option.ts';
import { allOptions, type GENERAL_OPTIONS } from './options.ts';
import { UsageError } from './usage-error.ts';
import { readYamlMapping } from './yaml.ts';

/** A collector's settings. */
export interface CollectorConfig {
  readonly enabled: boolean;
  readonly schedule: string;
  readonly timeout: number;
  readonly options: Readonly<Record<string, string | number | boolean>>;
}

/** All settings, checked. */
export interface Config {
  readonly general: OptionValues<typeof GENERAL_OPTIONS>;
  readonly collectors: ReadonlyMap<string, CollectorConfig>;
  /** Names of the watchers that are switched on. */
  readonly watchers: ReadonlySet<string>;
}

type Value = string | number | boolean;

/** Settings from the defaults, the YAML file of `--config.file`, the environment and the flags, the last one wins. Throws `UsageError`. */
export function readConfig(
  args: readonly string[],
  collectors: readonly Collector[],
  watchers: readonly Watcher[],
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Config {
  const options = allOptions(collectors, watchers);
  const flags = { ...parseEnvironment(environment, options), ...parseFlags(args, options) };
  const file = flags['config.file'];
  const settings = typeof file === 'string' && file !== '' ? parseFile(file, options) : {};
  const values: Record<string, Value> = {};
  for (const [name, option] of Object.entries(options)) {
    values[name] = flags[name] ?? settings[name] ?? option.default;
  }
  return {
    general: values as OptionValues<typeof GENERAL_OPTIONS>,
    collectors: new Map(collectors.map((collector) => [collector.name, collectorConfig(collector, values)])),
    watchers: new Set(watchers.map(({ name }) => name).filter((name) => values[`collector.${name}`] === true)),
  };
}

function collectorConfig(collector: Collector, values: Record<string, Value>): CollectorConfig {
  const prefix = `collector.${collector.name}`;
  const own = Object.keys(collector.options).map((key) => [key, values[`${prefix}.${key}`]]);
  return {
    enabled: values[prefix] === true,
    schedule: String(values[`${prefix}.schedule`]),
    timeout: Number(values[`${prefix}.timeout`]),
    options: Object.fromEntries(own),
  };
}

/** `--name value`, `--name=value`, `--switch` and `--no-switch`. */
function parseFlags(args: readonly string[], options: Record<string, Option>): Record<string, Value> {
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

/** `FORESHOCK_WEB_LISTEN_ADDRESS` is `--web.listen-address`: so a container's health check has the flags of its exporter. */
function parseEnvironment(
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

function parseFile(path: string, options: Record<string, Option>): Record<string, Value> {
  const values: Record<string, Value> = {};
  for (const [name, value] of Object.entries(readYamlMapping(path))) {
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (!option) throw new UsageError(`${path}: unknown key ${JSON.stringify(name)}; keys are the names of the flags`);
    values[name] = convert(`${path}: ${name}`, option, value);
  }
  return values;
}

/** A value as its option's default is typed; `about` starts the error. */
function convert(about: string, option: Option, raw: unknown): Value {
  const value = convertType(about, option, raw);
  const wrong = option.check?.(value);
  if (wrong) throw new UsageError(`${about}: ${wrong}, not ${JSON.stringify(raw)}`);
  return value;
}

function convertType(about: string, option: Option, raw: unknown): Value {
  if (raw === undefined || raw === null) throw new UsageError(`${about} needs a value`);
  switch (typeof option.default) {
    case 'boolean':
      if (raw === true || raw === 'true') return true;
      if (raw === false || raw === 'false') return false;
      throw new UsageError(`${about} is true or false, not ${JSON.stringify(raw)}`);
    case 'number':
      return typeof raw === 'number' ? raw : typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : Number.NaN;
    default:
      if (typeof raw !== 'string') throw new UsageError(`${about} must be text, not ${JSON.stringify(raw)}`);
      return raw;
  }
}
