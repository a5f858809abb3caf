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

/** All settings, checked. */
export interface Config {
  readonly general: GeneralConfig;
  readonly collectors: ReadonlyMap<string, CollectorConfig>;
  /** Names of the watchers that are switched on. */
  readonly watchers: ReadonlySet<string>;
}

/** Settings from the defaults, the YAML file of `--config.file`, the environment and the flags, the last one wins. Throws `UsageError`. */
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
