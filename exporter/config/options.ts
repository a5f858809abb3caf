import { flag, integer, type Option, oneOf, text } from './option.ts';

/** Where the metrics are served: all that the health check needs. */
export const WEB_OPTIONS = {
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
  'web.max-requests': integer(40, 'Maximum number of scrapes that wait for their metrics; 0 = unlimited.'),
} satisfies Record<string, Option>;

/** The flags of the node role beside those of its collectors. */
export const HOST_OPTIONS = {
  'path.procfs': text('/proc', "Mount point of the host's /proc."),
  'path.sysfs': text('/sys', "Mount point of the host's /sys."),
  'path.rootfs': text('/', "Mount point of the host's root filesystem."),
} satisfies Record<string, Option>;

/** The flags of the cluster role beside those of its watchers. */
export const API_OPTIONS = {
  kubeconfig: text('', 'Kubeconfig file for the cluster role (default: the service account of the pod it runs in).'),
} satisfies Record<string, Option>;

/** How the process runs. */
export const PROGRAM_OPTIONS = {
  'config.file': text('', 'YAML file with the same settings; its keys are the names of the flags.'),
  'log.level': oneOf(
    'info',
    ['trace', 'debug', 'info', 'warn', 'error', 'silent'],
    'Lowest level to log: trace, debug, info, warn, error or silent.',
  ),
  'log.format': oneOf('json', ['json', 'text'], 'Log format: json, one object per line, or text, for people.'),
  once: flag(false, "Collect once, print the metrics without the exporter's own process, and exit."),
  'once.state-file': text(
    '',
    'File that keeps the counters of the node role between two runs with --once (default: they begin at 0 each time).',
  ),
} satisfies Record<string, Option>;

/** All flags that do not belong to a collector or a watcher. */
export const GENERAL_OPTIONS = { ...WEB_OPTIONS, ...HOST_OPTIONS, ...API_OPTIONS, ...PROGRAM_OPTIONS };

/** `:10777`, `127.0.0.1:10777`, `[::1]:10777`; without a host it means all addresses, IPv6 included. */
export function parseListenAddress(text: string): { host: string | undefined; port: number } | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]*)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  return match && port <= 65_535 ? { host: match[1] ?? (match[2] || undefined), port } : undefined;
}
