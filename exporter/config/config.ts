import type { Configurable, Scheduled } from './configurable.ts';
import { convert, parseEnvironment, parseFlags, type Value } from './flags.ts';
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

/** Settings from the defaults, the YAML file of `--config.file`, the environment and the flags, the last one wins. Throws `UsageError`. */
export function readConfig(
  args: readonly string[],
  collectors: readonly Scheduled[],
  watchers: readonly Configurable[],
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

function collectorConfig(collector: Scheduled, values: Record<string, Value>): CollectorConfig {
  const prefix = `collector.${collector.name}`;
  const own = Object.keys(collector.options).map((key) => [key, values[`${prefix}.${key}`]]);
  return {
    enabled: values[prefix] === true,
    schedule: String(values[`${prefix}.schedule`]),
    timeout: Number(values[`${prefix}.timeout`]),
    options: Object.fromEntries(own),
  };
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
