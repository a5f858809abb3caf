import type { OptionValues } from './option.ts';
import { GENERAL_OPTIONS } from './options.ts';
import { type Environment, readValues } from './values.ts';

/** The settings that do not belong to a collector or a watcher. */
export type GeneralConfig = OptionValues<typeof GENERAL_OPTIONS>;

const COLLECTOR_FLAG = /^--(no-)?collector\./;

/**
 * Reads the same settings as `readConfig`, without loading the collectors: their flags and keys are skipped unchecked.
 * Throws `UsageError` for other unknown flags and keys, and for invalid values.
 */
export function readGeneralConfig(args: readonly string[], environment: Environment = process.env): GeneralConfig {
  return readValues(withoutCollectorFlags(args), GENERAL_OPTIONS, environment, (key) => key.startsWith('collector.'));
}

/** `--collector.pids`, `--no-collector.pids`, `--collector.pids.timeout=5` and `--collector.pids.timeout 5` are left out. */
function withoutCollectorFlags(args: readonly string[]): string[] {
  return args.filter((arg, index) => {
    const previous = args[index - 1] ?? '';
    const isValue = !arg.startsWith('-') && COLLECTOR_FLAG.test(previous) && !previous.includes('=');
    return !COLLECTOR_FLAG.test(arg) && !isValue;
  });
}
