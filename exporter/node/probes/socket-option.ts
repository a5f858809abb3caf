import { type Option, text } from '../../config/option.ts';

/** The value of a flag of sockets: where the runtime is configured to listen. */
export const AUTO = 'auto';

/** The flag of a runtime's sockets. */
export function socketOption(runtime: string): Option<string> {
  const help =
    `Sockets of ${runtime} on the host, separated by commas; the first that exists is pinged (auto = those that the ` +
    'kubelet and the runtime are configured with, empty = none). They must not be on a disk that may hang.';
  return text(AUTO, help, (value) =>
    value === AUTO || pathsIn(value).every((path) => path.startsWith('/'))
      ? undefined
      : 'must be absolute paths, separated by commas',
  );
}

/** The paths in its value. */
export function pathsIn(value: string): string[] {
  return value.split(',').filter(Boolean);
}
