import type { Option } from './option.ts';

/** A flag with its placeholder: `--name=TEXT`, or `--no-name` for a switch that is on by default. */
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

/** The default for help and docs; empty for switches, and for empty texts, which their help explains. */
export function formatDefault(option: Option): string {
  return typeof option.default === 'boolean' || option.default === '' ? '' : String(option.default);
}

/** The help of a flag; `Export x.` becomes `Do not export x.` for a switch that is on by default. */
export function formatHelp(option: Option): string {
  return option.default === true ? option.help.replace(/^E/, 'Do not e') : option.help;
}

/** The flags for `--help`, two lines each. */
export function flagsHelp(options: Record<string, Option>): string {
  return Object.entries(options)
    .map(([name, option]) => {
      const value = formatDefault(option);
      return `  ${flagSyntax(name, option)}\n        ${formatHelp(option)}${value && ` (default: ${value})`}`;
    })
    .join('\n');
}
