import type { Host } from '../host.ts';

/** A process by its name in /proc/PID/comm (15 bytes at most), or undefined. It costs a read for each process. */
export function findProcess(host: Host, command: string): number | undefined {
  const name = host.procfs
    .list()
    .find((entry) => /^\d+$/.test(entry) && host.procfs.readIfPresent(`${entry}/comm`)?.trimEnd() === command);
  return name === undefined ? undefined : Number(name);
}

/** The arguments of a process, its program first: /proc/PID/cmdline, each ended by NUL. */
export function commandLine(host: Host, pid: number): string[] {
  return host.procfs.readIfPresent(`${pid}/cmdline`)?.replace(/\0$/, '').split('\0') ?? [];
}

/** The value of the last `--name value` or `--name=value`, as Go's flag packages read it. */
export function flagValue(args: readonly string[], name: string): string | undefined {
  let value: string | undefined;
  for (const [index, arg] of args.entries()) {
    if (arg === `--${name}`) value = args[index + 1];
    else if (arg.startsWith(`--${name}=`)) value = arg.slice(name.length + 3);
  }
  return value;
}
