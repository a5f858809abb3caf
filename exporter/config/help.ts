import type { Option } from './option.ts';

/** How a flag is written, with what it takes. */
export function flagSyntax(name: string, option: Option): string {
  switch (typeof option.default) {
    case 'boolean':
      return option.default ? `--no-${name}` : `--${name}`;
    case 'number':
      return `--${name}=NUMBER`;
    default:
      return `--${name}=TEXT`;
  }
}

/** The default as help and docs print it; a switch has none, and an empty text is explained by the help. */
export function defaultText(option: Option): string {
  return typeof option.default === 'boolean' || option.default === '' ? '' : String(option.default);
}

/** `Export x.` as `Do not export x.` for a switch that is on by default. */
export function helpText(option: Option): string {
  return option.default === true ? option.help.replace(/^E/, 'Do not e') : option.help;
}

/** The flags of `--help`, two lines each. */
export function flagsHelp(options: Record<string, Option>): string {
  return Object.entries(options)
    .map(([name, option]) => {
      const value = defaultText(option);
      return `  ${flagSyntax(name, option)}\n        ${helpText(option)}${value && ` (default: ${value})`}`;
    })
    .join('\n');
}
