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
