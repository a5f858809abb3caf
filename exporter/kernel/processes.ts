import type { Host } from '../host.ts';

/** The ids of all processes. */
export function processIds(host: Host): number[] {
  return host.procfs
    .list()
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** The arguments of a process, its program first: /proc/PID/cmdline, each ended by NUL. */
export function commandLine(host: Host, pid: number): string[] {
  return host.procfs.readIfPresent(`${pid}/cmdline`)?.replace(/\0$/, '').split('\0') ?? [];
}

/** The value of the last `--name value` or `--name=value`, as Go's flag packages read it. */
export function flagValue(args: readonly string[], name: string): string | undefined {
  return flagValues(args, name).at(-1);
}

/** As `flagValue`, of a flag that may be given more than once. */
export function flagValues(args: readonly string[], name: string): string[] {
  return args.flatMap((arg, index) => {
    if (arg === `--${name}`) return args[index + 1] ?? [];
    return arg.startsWith(`--${name}=`) ? arg.slice(name.length + 3) : [];
  });
}

/** The text of the last `--name` or `--name=value` of a flag that needs no value: `true` without one. */
export function switchValue(args: readonly string[], name: string): string | undefined {
  const given = args.findLast((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`));
  return given === `--${name}` ? 'true' : given?.slice(name.length + 3);
}
