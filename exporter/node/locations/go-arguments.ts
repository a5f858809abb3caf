/**
 * The value of the last of `--name value`, `-name=value` and so on, as Go's flag packages read it; `names` are the flag's
 * names, the short one among them. An empty text counts as not given.
 */
export function argumentOf(args: readonly string[], ...names: string[]): string | undefined {
  return argumentsOf(args, ...names).at(-1);
}

/** As `argumentOf`, of a flag that may be given more than once. */
export function argumentsOf(args: readonly string[], ...names: string[]): string[] {
  return args.flatMap((arg, index) => {
    const [, name, , value] = /^--?([a-z][a-z-]*)(=(.*))?$/is.exec(arg) ?? [];
    if (name === undefined || !names.includes(name)) return [];
    const text = value ?? args[index + 1];
    return text ? [text] : [];
  });
}
