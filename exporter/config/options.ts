import cron from 'node-cron';
import type { Configurable, Scheduled } from './configurable.ts';
import { flag, integer, type Option, oneOf, text } from './option.ts';

/** The flags that are not a collector's. */
export const GENERAL_OPTIONS = {
  'web.listen-address': text(':10777', 'Address to listen on, as [host]:port.', (value) =>
    parseListenAddress(value) ? undefined : 'must be [host]:port, such as :10777 or 127.0.0.1:10777',
  ),
  'web.telemetry-path': text('/metrics', 'Path under which the metrics are served.', (value) =>
    /^\/[\w./-]*$/.test(value) ? undefined : 'must be a path, such as /metrics',
  ),
  'web.config.file': text(
    '',
    'YAML file with TLS and basic authentication settings, in the format of exporter-toolkit.',
  ),
  'path.procfs': text('/proc', "Mount point of the host's /proc."),
  'path.sysfs': text('/sys', "Mount point of the host's /sys."),
  'path.rootfs': text('/', "Mount point of the host's root filesystem."),
  kubeconfig: text('', 'Kubeconfig file for the cluster role (default: the service account of the pod it runs in).'),
  'config.file': text('', 'YAML file with the same settings; its keys are the names of the flags.'),
  'log.level': oneOf(
    'info',
    ['trace', 'debug', 'info', 'warn', 'error', 'silent'],
    'Lowest level to log: trace, debug, info, warn, error or silent.',
  ),
  'log.format': oneOf('json', ['json', 'text'], 'Log format: json, one object per line, or text, for people.'),
  once: flag(false, 'Collect once, print the metrics and exit.'),
} satisfies Record<string, Option>;

/** The flags of a collector: whether it runs, when, and its own. */
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
    [`${prefix}.timeout`]: integer(collector.timeout, 'Seconds without progress after which a run counts as stuck.', 1),
    ...Object.fromEntries(own),
  };
}

/** The flag of a watcher: whether it runs. */
export function watcherOptions({ name, help }: Configurable): Record<string, Option> {
  return { [`collector.${name}`]: flag(true, `Export ${help}.`) };
}

/** Every option by its name, in the order of `--help`. */
export function allOptions(
  collectors: readonly Scheduled[],
  watchers: readonly Configurable[],
): Record<string, Option> {
  return Object.assign({}, GENERAL_OPTIONS, ...collectors.map(collectorOptions), ...watchers.map(watcherOptions));
}

/** `:10777`, `127.0.0.1:10777`, `[::1]:10777`; without a host it is all addresses, IPv6 included. */
export function parseListenAddress(text: string): { host: string | undefined; port: number } | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]*)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  return match && port <= 65_535 ? { host: match[1] ?? (match[2] || undefined), port } : undefined;
}
