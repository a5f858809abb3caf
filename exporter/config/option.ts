/** A setting: a flag `--<name>`, and the key `<name>` in the YAML file. */
export interface Option<Value extends string | number | boolean = string | number | boolean> {
  readonly default: Value;
  readonly help: string;
  /** Returns the problem of an invalid value, such as "must be a path". */
  check?(value: Value): string | undefined;
}

/** The values of a table of options, by its keys. */
export type OptionValues<Options extends Record<string, Option>> = {
  readonly [Key in keyof Options]: Options[Key] extends Option<infer Value> ? Value : never;
};

export function text(
  defaultValue: string,
  help: string,
  check?: (value: string) => string | undefined,
): Option<string> {
  return check ? { default: defaultValue, help, check } : { default: defaultValue, help };
}

export function integer(defaultValue: number, help: string, minimum = 0): Option<number> {
  return {
    default: defaultValue,
    help,
    check: (value) =>
      Number.isSafeInteger(value) && value >= minimum ? undefined : `must be a whole number of at least ${minimum}`,
  };
}

export function flag(defaultValue: boolean, help: string): Option<boolean> {
  return { default: defaultValue, help };
}

export function oneOf(defaultValue: string, values: readonly string[], help: string): Option<string> {
  return text(defaultValue, help, (value) =>
    values.includes(value) ? undefined : `must be one of ${values.join(', ')}`,
  );
}
