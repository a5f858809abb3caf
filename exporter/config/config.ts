import { allOptions } from './collector-options.ts';
import type { Configurable, Scheduled } from './configurable.ts';
import type { Value } from './flags.ts';
import type { GeneralConfig } from './general-config.ts';
import { type Environment, readValues } from './values.ts';

/** A collector's settings. */
export interface CollectorConfig {
  readonly enabled: boolean;
  readonly schedule: string;
  readonly timeoutSeconds: number;
  readonly options: Readonly<Record<string, string | number | boolean>>;
}

/** All settings, validated. */
export interface Config {
  readonly general: GeneralConfig;
  readonly collectors: ReadonlyMap<string, CollectorConfig>;
  /** The names of the enabled watchers. */
  readonly watchers: ReadonlySet<string>;
}

/** The settings: flags override the environment, which overrides the file of `--config.file`. Throws `UsageError`. */
export function readConfig(
  args: readonly string[],
  collectors: readonly Scheduled[],
  watchers: readonly Configurable[],
  environment: Environment = process.env,
): Config {
  const values = readValues(args, allOptions(collectors, watchers), environment);
  return {
    general: values,
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
    timeoutSeconds: Number(values[`${prefix}.timeout`]),
    options: Object.fromEntries(own),
  };
}
