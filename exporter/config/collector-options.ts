import cron from 'node-cron';
import type { Configurable, Scheduled } from './configurable.ts';
import { flag, integer, type Option, text } from './option.ts';
import { GENERAL_OPTIONS } from './options.ts';

/** The flags of a collector: its switch, schedule, timeout and its own. */
export function collectorOptions(collector: Scheduled): Record<string, Option> {
  const prefix = `collector.${collector.name}`;
  const own = Object.entries(collector.options).map(([key, option]) => [`${prefix}.${key}`, option] as const);
  return {
    [prefix]: flag(true, `Export ${collector.help}.`),
    [`${prefix}.schedule`]: text(
      collector.schedule,
      'When it runs: a cron expression with seconds as its first field.',
      (value) => (cron.validate(value) ? undefined : 'must be a cron expression, such as "*/15 * * * * *"'),
    ),
    [`${prefix}.timeout`]: integer(
      collector.timeoutSeconds,
      'Seconds without progress after which a run counts as stuck.',
      1,
    ),
    ...Object.fromEntries(own),
  };
}

/** The flag of a watcher: its switch. */
export function watcherOptions({ name, help }: Configurable): Record<string, Option> {
  return { [`collector.${name}`]: flag(true, `Export ${help}.`) };
}

/** All options by name, in the order of docs/flags.md. */
export function allOptions(
  collectors: readonly Scheduled[],
  watchers: readonly Configurable[],
): typeof GENERAL_OPTIONS & Record<string, Option> {
  return Object.assign({}, GENERAL_OPTIONS, ...collectors.map(collectorOptions), ...watchers.map(watcherOptions));
}
